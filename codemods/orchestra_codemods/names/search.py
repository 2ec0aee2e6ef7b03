"""Find the files that mention words, with bytes alone: the cheap filter before anything is parsed.

What is on disk is looked through once for all versions of a project; only files that a change touched are
looked through for each. A few looks ask for the words at hand. A tree that is asked again and again, as it
is when hundreds of classes are planned, gets an index of all its words instead: from then on a question
costs what its answer is long, and not a reading of the whole tree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from weakref import WeakKeyDictionary

from orchestra_codemods.project import Project, Tree
from orchestra_codemods.source import PYTHON_SUFFIXES

_LOOKS = 3
"""How often a tree is read for the words at hand; an index costs about three looks."""
_MANY = 16
_WORD_BYTES = bytes(
    byte if byte >= 128 or chr(byte).isalnum() or byte == ord("_") else ord(" ") for byte in range(256)
)


def files_with(
    project: Project, words: Collection[str], paths: Iterable[str] | None = None
) -> dict[str, set[str]]:
    """Return the paths that contain any of the words as a whole word, each with the words it contains.

    In sorted order. Files that cannot be read are left out. A letter outside ASCII counts as part of a
    word. What was looked for once is remembered: ask for many words at once.
    """
    hits: dict[str, set[str]] = {}
    wanted = None if paths is None else set(paths)
    for word, found in places_of(project, words).items():
        for path in found:
            if wanted is None or path in wanted:
                hits.setdefault(path, set()).add(word)
    return dict(sorted(hits.items()))


def python_files_with(project: Project, words: Collection[str]) -> list[str]:
    """Return the sorted paths of the Python files that contain any of the words."""
    return [path for path in files_with(project, words) if path.endswith(PYTHON_SUFFIXES)]


def python_files_with_all(project: Project, words: Collection[str]) -> list[str]:
    """Return the sorted paths of the Python files that contain every one of the words."""
    hits = files_with(project, words)
    return [path for path in hits if path.endswith(PYTHON_SUFFIXES) and len(hits[path]) == len(set(words))]


def words_of(project: Project, path: str) -> set[str]:
    """Return every word of a file, none where it cannot be read."""
    try:
        data = project.sources.data(path)
    except OSError:
        return set()
    return {word.decode("utf-8", "replace") for word in _split(data)}


def word_starts(data: bytes, word: bytes) -> Iterator[int]:
    """Yield where a word stands that is not part of a longer one.

    A search for the bare bytes is some ten times faster than a pattern with word borders.
    """
    start = data.find(word)
    while start >= 0:
        end = start + len(word)
        if not (_is_word(data[start - 1 : start]) or _is_word(data[end : end + 1])):
            yield start
        start = data.find(word, end)


def places_of(project: Project, words: Collection[str]) -> dict[str, list[str]]:
    """Return the sorted paths for each word; the same as `files_with`, the other way round."""
    sources = project.sources
    asked = {word.encode(): word for word in words}
    on_disk = _on_disk(sources.tree, asked)
    if sources.is_as_on_disk:
        return {word: list(on_disk[raw]) for raw, word in asked.items()}
    changed = _changed(project, asked)
    return {
        word: sorted([*filter(sources.is_on_disk, on_disk[raw]), *changed[raw]])
        for raw, word in asked.items()
    }


_Read = Callable[[str], bytes]


class _Words:
    """Which of some files contain a word, as far as anybody asked.

    How files are read is passed in: held here, it would keep the tree alive that this is remembered for.
    """

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = paths
        self._known: Mapping[bytes, Sequence[str]] = {}
        self._looks = 0
        self._has_all = False

    def places(self, words: Collection[bytes], read: _Read) -> dict[bytes, Sequence[str]]:
        """Return the sorted paths for each of the words, of which one may be several with signs between."""
        parts = {word: _split(word) for word in words}
        self._learn({part for found in parts.values() for part in found}, read)
        return {
            word: self._known.get(word, ()) if found == {word} else self._with_all(word, found, read)
            for word, found in parts.items()
        }

    def _with_all(self, text: bytes, parts: AbstractSet[bytes], read: _Read) -> Sequence[str]:
        """Return the files with a text such as `two-words`."""
        shared = set.intersection(*(set(self._known.get(part, ())) for part in parts)) if parts else set()
        contents = _contents(sorted(shared), read)
        return [path for path, data in contents if next(word_starts(data, text), -1) >= 0]

    def _learn(self, words: AbstractSet[bytes], read: _Read) -> None:
        missing = {word for word in words if word not in self._known}
        if not missing or self._has_all:
            return
        self._looks += 1
        if self._looks > _LOOKS:
            self._known, self._has_all = _index(self._paths, read), True
            return
        places: dict[bytes, list[str]] = {word: [] for word in missing}
        find = _by_splitting if len(missing) > _MANY else _one_by_one
        for path, data in _contents(self._paths, read):
            for word in find(data, missing):
                places[word].append(path)
        self._known = {**self._known, **places}


def _index(paths: Iterable[str], read: _Read) -> Mapping[bytes, Sequence[str]]:
    places: dict[bytes, tuple[str, ...] | list[str]] = {}
    for path, data in _contents(paths, read):
        alone = (path,)  # most words are in one file only, and share this
        for word in _split(data):
            known = places.setdefault(word, alone)
            if known is alone:
                continue
            if isinstance(known, tuple):
                known = places[word] = [*known]
            known.append(path)
    return places


def _contents(paths: Iterable[str], read: _Read) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            yield path, read(path)
        except OSError:
            continue


def _on_disk(tree: Tree, words: Collection[bytes]) -> dict[bytes, Sequence[str]]:
    if tree not in _of_trees:
        _of_trees[tree] = _Words(tree.paths)
    return _of_trees[tree].places(words, tree.data)


def _changed(project: Project, words: Collection[bytes]) -> dict[bytes, Sequence[str]]:
    if project not in _of_changes:
        _of_changes[project] = _Words(sorted(project.sources.changed))
    return _of_changes[project].places(words, project.sources.data)


_of_trees: WeakKeyDictionary[Tree, _Words] = WeakKeyDictionary()
_of_changes: WeakKeyDictionary[Project, _Words] = WeakKeyDictionary()


def _split(data: bytes) -> set[bytes]:
    return set(_in_order(data))


def _in_order(data: bytes) -> list[bytes]:
    return data.translate(_WORD_BYTES).split()


def _is_word(byte: bytes) -> bool:
    return byte.translate(_WORD_BYTES) not in (b"", b" ")


def _one_by_one(data: bytes, words: AbstractSet[bytes]) -> Iterable[bytes]:
    return [word for word in words if word in data and next(word_starts(data, word), -1) >= 0]


def _by_splitting(data: bytes, words: AbstractSet[bytes]) -> Iterable[bytes]:
    # one look for each word costs 0.5 ms a megabyte, all words of a file at once 9 ms
    return frozenset(words).intersection(_in_order(data))
