"""A node of another village that shares only the network's primary with the first one."""

from pathlib import Path

from node.demo.cast import PRIMARY_KEY
from node.demo.village import DemoNode
from node.new_files import write_files

KEY = "potager"
VILLAGE = "Les Buttes"


def add_outsider(data: Path, village: list[DemoNode], port: int) -> DemoNode:
    """Write its files, and the other village into the primary's; the primary has not started yet."""
    primary = next(one for one in village if one.key == PRIMARY_KEY)
    node = DemoNode(KEY, port, (data / KEY).resolve())
    if not node.config.exists():
        write_files(node.config, url=node.url, database="sqlite:///node.db", port=port)
        _join(node, primary)
        _welcome(primary, node)
    return node


def _join(node: DemoNode, primary: DemoNode) -> None:
    text = node.config.read_text(encoding="utf-8").replace('data = "var"', 'data = "."\ndemo = true')
    text += f'\n[network]\nprimary = "{primary.url}"\n{_village(node, primary)}'
    node.config.write_text(text, encoding="utf-8")


def _welcome(primary: DemoNode, node: DemoNode) -> None:
    text = primary.config.read_text(encoding="utf-8")
    text = text.replace("nodes = [", f'nodes = ["{node.url}", ') + _village(node, node)
    primary.config.write_text(text, encoding="utf-8")


def _village(founder: DemoNode, peer: DemoNode) -> str:
    return (
        f'\n[[village]]\nid = "{founder.url}/villages/les-buttes"\nname = "{VILLAGE}"\n'
        f'peers = ["{peer.url}"]\n'
    )
