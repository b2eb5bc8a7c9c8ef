"""YAML as what it comes to: mappings, lists and texts, so that a test can say what it expects literally."""

from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.kubernetes.objects import Object, read


def tree(text: str, file: str = "x.yaml") -> Tree:
    """Return a document of one value."""
    return compose(text, file)


def plain(found):
    """Return a tree as mappings, lists and texts; None where there is none, or nothing stands there."""
    if found is None or found.is_null():
        return None
    if found.is_list():
        return [plain(row) for row in found.rows()]
    return {key: plain(part) for key, part in found.merged().items()} if found.is_mapping() else found.text()


def one_object(text: str) -> Object:
    """Return the one object of a manifest."""
    [found] = read(text, "x.yaml")
    return found


def parts_of(one: Object):
    """Return the parts of an object as mappings, lists and texts."""
    return {key: plain(part) for key, part in one.parts.items()}
