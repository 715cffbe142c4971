"""The offices of a company: its headquarters as the company record has it, and the others."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.world.companies.places import Places
from mockserver.world.draw import Draw
from mockserver.world.records import Company, Office

FIRST_ID, STRIDE = 2_050_000_000, 64
# From this headcount on a company's second office stands in another country.
ABROAD_FROM = 1000


def draw_offices(company: Company, index: int, *, seed: int, places: Places) -> tuple[Office, ...]:
    """All offices, headquarters first; headcounts and revenues add up to about those of the company."""
    draw = Draw(f"{seed}/{index}/offices")
    countries = _countries(draw, company, places)
    weights = [2.0 if n == 0 else 0.2 + draw.unit() for n in range(company.office_count)]
    ecid = 90_000_000 + index
    hq = next(city for city in places.cities[company.country] if city.name == company.city)
    offices: list[Office] = []
    for n, weight in enumerate(weights):
        country = places.by_name[company.country if n == 0 else countries[n - 1]]
        city = hq if n == 0 else places.city(draw, country.name)
        share = weight / sum(weights)
        offices.append(
            Office(
                id=FIRST_ID + index * STRIDE + n,
                company_id=company.id,
                es_location_id=f"{ecid}-{n:03d}",
                ecid=ecid,
                is_hq=n == 0,
                is_country_hq=all(office.country != country.name for office in offices),
                name=company.name,
                phone=company.phone if n == 0 else _maybe(draw, country.phone, city.area_code, 0.7),
                fax=company.fax if n == 0 else None,
                street=company.street if n == 0 else places.street(draw),
                street_2=f"Suite {draw.whole(100, 990)}" if draw.chance(0.3) else None,
                city=city.name,
                county=city.county,
                state=city.state,
                zip_code=company.zip_code if n == 0 else draw.filled(city.zip_pattern),
                country=country.name,
                continent=country.continent,
                metro_area=places.metro(city),
                latitude=round(city.latitude + 0.08 * (draw.unit() - 0.5), 5),
                longitude=round(city.longitude + 0.08 * (draw.unit() - 0.5), 5),
                is_verified=draw.chance(0.8),
                employees=None if company.employees is None else max(1, round(company.employees * share)),
                revenue_usd=None if company.revenue_usd is None else int(company.revenue_usd * share) // 1000 * 1000,
                updated_on=company.updated_at.date(),
            )
        )
    return tuple(offices)


def _maybe(draw: Draw, pattern: str, area_code: str, share: float) -> str | None:
    return draw.filled(pattern, area_code) if draw.chance(share) else None


def _countries(draw: Draw, company: Company, places: Places) -> Sequence[str]:
    """The country of each further office: mostly at home, for larger companies abroad too."""
    headcount = company.employees or 0
    countries = []
    for n in range(1, company.office_count):
        abroad = headcount >= 150 and draw.chance(0.35)
        country = places.country(draw).name if abroad else company.country
        if n == 1 and headcount >= ABROAD_FROM and country == company.country:
            country = "United States" if company.country != "United States" else "United Kingdom"
        countries.append(country)
    return countries
