"""Families, org charts and visitors in tables of their own."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from zianalytics.journal import Journal
from zianalytics.warehouse import Warehouse

SECOND = datetime(2026, 11, 5, 9, tzinfo=UTC)


def test_a_family_is_a_row_with_its_tree_as_one_list(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    relation = {"typeId": 2, "typeDescription": "Subsidiary"}
    leaf = {"companyId": 3, "name": "Catkin", "subUnitTypeInfo": relation}
    tree = {"companyId": 1, "name": "Aster", "familyNodes": [{"companyId": 2, "name": "Birch", "familyNodes": [leaf]}]}
    above = {"companyId": "1", "companyName": "Aster", "subUnitType": "Subsidiary", "acquiredByDate": "2019-05-01"}
    keep({"companyId": 2, "parentage": [above], "familyTree": [tree]}, operation="enrich.hierarchies")
    warehouse.load(journal)
    nodes = warehouse.sql(
        "SELECT node.company_id, node.parent_company_id, node.level, node.sub_unit_type "
        "FROM (SELECT unnest(family_tree) AS node FROM hierarchies)"
    )
    assert nodes.rows() == [(1, None, 1, None), (2, 1, 2, None), (3, 2, 3, "Subsidiary")]
    [(bought,)] = warehouse.sql("SELECT parentage[1].acquired_by_date FROM hierarchies").rows()
    assert bought == date(2019, 5, 1)
    assert warehouse.sql("FROM lost_values").is_empty()


def test_people_of_an_org_chart_are_kept_by_company_and_contact(
    warehouse: Warehouse, journal: Journal, keep: Any
) -> None:
    def chart(*people: tuple[int, str]) -> bytes:
        rows = [
            {"id": one, "title": title, "lastUpdatedDate": "8/2/2026 9:30 AM", "company": {"id": 7, "name": "Aster"}}
            for one, title in people
        ]
        return json.dumps({"maxResults": 9, "totalResults": 9, "currentPage": 1, "data": rows}).encode()

    keep(operation="enrich.org_charts", body=chart((1, "Buyer"), (2, "Director of Sales")))
    keep(operation="enrich.org_charts", body=chart((1, "Head Buyer")), received=SECOND)
    keep(operation="enrich.org_charts", body=chart(), received=SECOND)
    warehouse.load(journal)
    assert warehouse.sql("SELECT company_id, contact_id, job_title FROM org_charts ORDER BY 2").rows() == [
        (7, 1, "Head Buyer"),
        (7, 2, "Director of Sales"),
    ]
    assert warehouse.sql("SELECT count(*) FROM org_charts_history").item() == 3
    assert warehouse.sql("SELECT DISTINCT dated FROM org_charts").item() == datetime(2026, 8, 2, 9, 30, tzinfo=UTC)


def test_locations_of_a_company_are_kept_by_where_they_are_known_or_not(
    warehouse: Warehouse, journal: Journal, keep: Any
) -> None:
    def offices(*rows: tuple[str, str | None, str]) -> bytes:
        told = [
            {"company": {"id": 7, "locationName": "Aster"}, "street": street or "", "city": city, "phone": phone}
            for city, street, phone in rows
        ]
        return json.dumps({"maxResults": 9, "totalResults": 9, "currentPage": 1, "data": told}).encode()

    keep(operation="enrich.locations", body=offices(("Graz", "Ring 1", "1"), ("Linz", None, "2"), ("Graz", None, "3")))
    warehouse.load(journal)
    keep(operation="enrich.locations", body=offices(("Graz", "Ring 1", "1"), ("Linz", None, "9")), received=SECOND)
    keep(operation="enrich.locations", body=offices(), received=SECOND)
    warehouse.load(journal)
    rows = warehouse.sql("SELECT company_id, city, street, phone FROM company_locations ORDER BY phone").rows()
    assert rows == [(7, "Graz", "Ring 1", "1"), (7, "Graz", None, "3"), (7, "Linz", None, "9")]
    assert warehouse.sql("SELECT phone FROM company_locations_history WHERE city = 'Linz' ORDER BY 1").rows() == [
        ("2",),
        ("9",),
    ]


def test_a_visitor_is_kept_by_the_address_that_was_asked(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    company = {"company": {"id": 7, "name": "Aster", "revenue": 1200, "confidenceScore": 0.81}}
    provider = {"geoLocation": {"country_code": "US"}, "ispInfo": {"name": "Tallow Bay Broadband"}}
    for address, data in (("198.18.0.2", company), ("203.0.113.4", provider), ("192.0.2.1", {})):
        result = {"input": [address], "data": data}
        whole = {"success": True, "data": {"outputFields": [[]], "result": [result]}}
        keep(operation="enrich.ips", body=json.dumps(whole).encode())
    warehouse.load(journal)
    rows = warehouse.sql("SELECT ip_address, company_id, revenue_usd, provider_name FROM ip_matches ORDER BY 1").rows()
    assert rows == [("198.18.0.2", 7, 1_200_000, None), ("203.0.113.4", None, None, "Tallow Bay Broadband")]
