"""All planted bugs, by name."""

from wallet.simulation import mutants_acceptor, mutants_disputes, mutants_issuer
from wallet.simulation.mutants import MUTANTS, Mutant, planted

__all__ = ["MUTANTS", "Mutant", "mutants_acceptor", "mutants_disputes", "mutants_issuer", "planted"]
