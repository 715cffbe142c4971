"""What `check` says on a terminal, in lines of 100 columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mockserver.check import Overview, Report, Share
from mockserver.check.asked import label
from mockserver.check.reach import Reach
from mockserver.postman import Example, Unanswered
from mockserver.shell.command_line.terminal import counted, visible

_COLUMNS = 100
# Entries of one list that are shown, and characters of one of them.
_SHOWN, _LONGEST = 20, 600


def findings(report: Report, *, everything: bool) -> Iterator[str]:
    """The lines; every list is cut, unless `everything` is wanted, and then there is one of all examples, too."""
    several = len(report.overviews) > 1
    for overview in report.overviews:
        yield from _overview(overview, everything)
    if everything:
        yield from _listed("Examples", [_example(each, several) for each in report.reaches], everything)
    yield from _listed("Ambiguous: one request, several examples", list(_ambiguous(report, several)), everything)
    unreachable = [f"{_place(each.example, several)}: {each.obstacle}" for each in report.unreachable]
    yield from _listed("Never comes back", unreachable, everything)
    silent = [f"{_place(each, several)}: {label(each)}" for each in report.unanswered]
    yield from _listed("No saved example", silent, everything)
    yield from _listed("Faults", [str(fault) for fault in report.faults], everything)
    opened = [f"{{{{{each.name}}}}} in {', '.join(each.parts)} ({each.examples:,})" for each in report.left_open]
    yield from _listed("Variables without a value: any text fits there, answers are sent with them", opened, everything)
    yield from _listed("Never carried out", list(_ignored(report, everything)), everything)
    if report.against is not None:
        differ = [
            f"{_place(each.example, several)}: {each.operation or label(each.example)}: {each.part} {each.at}: "
            f"{each.problem}"
            for each in report.against.differences
        ]
        yield from _listed("Differs from the contract", differ, everything)
        outside = len(report.against.outside)
        yield f"Held against the contract: {report.against.held:,}; not in the contract: {outside:,}"
    yield from _wrapped(_verdict(report), "")


def _share(share: Share) -> str:
    """How many examples of how many requests."""
    return f"{counted(share.examples, 'example')} of {counted(share.requests, 'request')}"


def _overview(overview: Overview, everything: bool) -> Iterator[str]:
    yield from _wrapped(f"{overview.name} ({overview.file}): {_share(overview.all)}", "")
    yield from _wrapped(f"{_counts(overview.all.methods)}; {_counts(overview.all.statuses)}", "  ")
    folders = [
        f"{' / '.join(folder)}: {_share(share)}; {' '.join(share.methods)}; {' '.join(map(str, share.statuses))}"
        for folder, share in overview.folders.items()
        if folder
    ]
    yield from _entries(folders, everything)


def _ambiguous(report: Report, several: bool) -> Iterator[str]:
    for position, others in report.ambiguous.items():
        first = report.reaches[position].example
        yield f"{label(first)}: {_place(first, several)} ({first.status}) comes without a selector"
        yield from (f"  {_place(each.example, several)} ({each.example.status}) by {_by(each)}" for each in others)


def _example(reach: Reach, several: bool) -> str:
    how = {
        "request": reach.why,
        "path": "without its base path, or by another value in it",
        "selector": f"by {_by(reach)}",
        "none": "never",
    }[reach.way]
    return f"{label(reach.example)} {reach.example.status} {_place(reach.example, several)}: {how}"


def _by(reach: Reach) -> str:
    return ", ".join(f"{name}: {value}" for name, value in reach.selectors.items())


def _place(example: Example | Unanswered, several: bool) -> str:
    return f"{example.file.name}: {example.place}" if several else example.place


def _ignored(report: Report, everything: bool) -> Iterator[str]:
    if everything:
        for each in report.ignored:
            yield f"{each.file.name}: {each.place}: {each.kind}{f', {each.lines:,} lines' if each.lines else ''}"
        return
    lines: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for each in report.ignored:
        counts[each.kind] += 1
        lines[each.kind] += each.lines
    for kind, count in counts.items():
        size = f" ({counted(lines[kind], 'line')})" if lines[kind] else ""
        yield f"{kind}: {count:,}{size}"


def _verdict(report: Report) -> str:
    differences = len(report.against.differences) if report.against is not None else 0
    selected = sum(map(len, report.ambiguous.values()))
    told = [
        counted(len(report.faults), "fault") if report.faults else "",
        f"{counted(len(report.unreachable), 'example')} never coming back" if report.unreachable else "",
        f"{counted(differences, 'difference')} from the contract" if differences else "",
        f"{counted(len(report.unanswered), 'request')} without a saved example" if report.unanswered else "",
        f"{counted(selected, 'example')} by a selector alone" if selected else "",
    ]
    said = ", ".join(filter(None, told))
    return f"{'Clean' if report.is_clean else 'Not clean'}{f': {said}' if said else ''}."


def _listed(title: str, entries: Sequence[str], everything: bool) -> Iterator[str]:
    if entries:
        yield f"{title}:"
        yield from _entries(entries, everything)


def _entries(entries: Sequence[str], everything: bool) -> Iterator[str]:
    shown = entries if everything else entries[:_SHOWN]
    for entry in shown:
        indent = " " * (2 + len(entry) - len(entry.lstrip(" ")))
        yield from _wrapped(entry.lstrip(" "), indent)
    if len(entries) > len(shown):
        yield f"  ... and {len(entries) - len(shown):,} more: --all"


def _wrapped(text: str, indent: str) -> Iterable[str]:
    told = visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")
    lines = textwrap.wrap(
        told, _COLUMNS, initial_indent=indent, subsequent_indent=f"{indent}    ", break_on_hyphens=False
    )
    return lines or [indent]


def _counts(counts: Mapping[str, int] | Mapping[int, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
