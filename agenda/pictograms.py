"""The pictures that tags and posters may show, those of `static/pictures.svg`, and good guesses."""

from kit.drawings import pictures

PICTURES = frozenset(pictures())
USUAL = "calendar-dots"

HINTS = {
    "music-notes": "musique music concert danse danser dance bal ecouter chorale folk chant",
    "guitar": "rock guitare guitar",
    "disco-ball": "disco clubbing electro",
    "microphone-stage": "slam scene karaoke stage conte contes",
    "mask-happy": "theatre spectacle impro theater",
    "film-reel": "cinema cine film projection",
    "popcorn": "gouter",
    "bicycle": "velo bike bicycle",
    "hammer": "fabriquer bricolage make craft",
    "wrench": "reparer reparation repair atelier workshop",
    "plant": "jardin jardiner plantes graines garden",
    "bowl-steam": "soupe soup",
    "fork-knife": "manger repas cuisine food eat cantine",
    "coffee": "cafe coffee",
    "beer-stein": "biere apero beer",
    "wine": "vin wine",
    "book-open": "lecture livre lire book poesie",
    "dice-five": "jeu jeux jouer game games",
    "chats": "debat discussion rencontre parler talk",
    "baby": "enfants famille kids family",
    "camera": "regarder voir photo photos",
    "paint-brush": "peinture dessin art exposition",
    "person-simple-run": "sport bouger course",
    "tree": "foret nature promenade balade marcher randonnee",
    "recycle": "recup recyclage",
    "storefront": "marche brocante vide market",
    "cash-register": "caisse",
    "hand-heart": "benevolat entraide solidarite aider",
    "desktop": "numerique informatique",
    "confetti": "fete party carnaval festival",
    "graduation-cap": "formation apprendre cours",
    "yarn": "couture tricot",
}
_GUESSES = {word: icon for icon, words in HINTS.items() for word in words.split()}


def guess(slug: str) -> str:
    """A fitting picture for a tag's slug, or a star."""
    return next((_GUESSES[word] for word in slug.split("-") if word in _GUESSES), "star")
