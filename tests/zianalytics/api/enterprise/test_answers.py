"""Envelopes: how many rows there are in all."""

from __future__ import annotations

import pytest

from zianalytics.api.enterprise import answers, entries, total
from zianalytics.api.table import OPERATIONS
from zianalytics.errors import AnswerUnreadable

SEARCH = OPERATIONS["search.companies"]
ENRICH = OPERATIONS["enrich.companies"]

RESULTS = [
    '{"input":{"companyid":7},"matchStatus":"FULL_MATCH","data":[{"id":7},{"id":8}]}',
    '{"input":{"companyid":7},"matchStatus":"NO_MATCH","data":[]}',
    '{"input":{"companyid":7},"matchStatus":"FULL_MATCH","data":[null, {}]}',
    '{"input":{"companyid":7},"matchStatus":"OPT_OUT","data":[]}',
    '{"input":{"companyid":7},"matchStatus":"UNHEARD","data":[{"id":7}]}',
    '{"input":{"companyid":7},"matchStatus":"FULL_MATCH","data":{"id":7}}',
    '{"input":{"companyid":7},"data":[{"id":7}]}',
    '{"matchStatus":"FULL_MATCH","data":[{"id":7}]}',
    '{"input":{"companyid":7},"matchStatus":"FULL_MATCH","data":[{"id":7}],"unheard":1}',
    '{"input":{"companyid":7},"matchStatus":null,"statusCode":"400","data":null}',
]


@pytest.mark.parametrize("written", [b"12", b'"12"', b" 12 "])
def test_the_total_is_read_as_a_number_or_as_digits(written: bytes) -> None:
    assert total(SEARCH, b'{"totalResults": %b, "data": []}' % written) == 12


@pytest.mark.parametrize("body", [b"{}", b'{"totalResults": null}', b'{"totalResults": 12.5}', b"[]", b"oops"])
def test_a_reply_without_a_total_is_unreadable(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable, match=r"search\.companies"):
        total(SEARCH, body)


@pytest.mark.parametrize("odd", RESULTS, ids=range(len(RESULTS)))
def test_results_as_they_usually_come_are_cut_in_one_go_to_the_same_rows(
    odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f'{{"success": true, "data": {{"result": [{RESULTS[0]}, {odd}, {RESULTS[1]}]}}}}'.encode()
    in_one_go = entries(ENRICH, body)
    monkeypatch.setattr(answers, "_usual_entries", lambda *_: None)
    step_by_step = entries(ENRICH, body)

    def plain(rows: list[answers.Entry]) -> list[tuple[object, ...]]:
        raws = [[raw and bytes(raw) for raw in (one.record, one.unread, one.echo)] for one in rows]
        return [(one.input_row, one.status, list(one.beside), *raw) for one, raw in zip(rows, raws, strict=True)]

    assert plain(in_one_go) == plain(step_by_step)
    assert [one.input_row for one in in_one_go][:2] == [0, 0]
