"""Postman's dynamic variables, `{{$guid}}` and its like, with values of our own.

The names are those of https://learning.postman.com/docs/tests-and-scripts/write-scripts/variables-list; who the values
seem to tell of is nobody: docs/assumptions.md, "values of dynamic variables".
"""

from __future__ import annotations

import random
import string
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from mockserver.replay.filling.vocabulary import LISTS

_DAY = 86_400
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PIXEL = "data:image/svg+xml;charset=UTF-8,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22%2F%3E"


class Invented:
    """Draws values: the same seed gives the same ones in the same order, times aside.

    Parameters
    ----------
    seed
        Of what is drawn.
    clock
        The seconds since 1970.
    """

    def __init__(self, seed: int, clock: Callable[[], float]) -> None:
        self._random = random.Random(seed)  # noqa: S311  # nothing secret is drawn
        self._clock = clock

    def draw(self, name: str) -> str:
        """A value for the variable of this name, which is one of `VARIABLES`."""
        return VARIABLES[name](self)

    def one_of(self, name: str) -> str:
        """A word of one of the lists."""
        return self._random.choice(LISTS[name])

    def some(self, least: int, most: int) -> int:
        """A number from one to the other, both included."""
        return self._random.randint(least, most)

    def characters(self, alphabet: str, count: int) -> str:
        """Characters of an alphabet."""
        return "".join(self._random.choices(alphabet, k=count))

    def now(self) -> float:
        """The seconds since 1970."""
        return self._clock()

    def words(self, name: str, count: int) -> str:
        """Words of one of the lists, with spaces between them."""
        return " ".join(self.one_of(name) for _ in range(count))


_Draw = Callable[[Invented], str]


def _word(name: str) -> _Draw:
    return lambda drawn: drawn.one_of(name)


def _joined(between: str, *parts: str) -> _Draw:
    """A word of each list."""
    return lambda drawn: between.join(drawn.one_of(part) for part in parts)


def _uuid(drawn: Invented) -> str:
    return str(uuid.UUID(hex=drawn.characters("0123456789abcdef", 32), version=4))


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _date(least: int, most: int) -> _Draw:
    """A time so many seconds from now, in the manner in which JavaScript writes one."""

    def draw(drawn: Invented) -> str:
        then = datetime.fromtimestamp(drawn.now() + drawn.some(least, most), UTC)
        return f"{then:%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)"

    return draw


def _degrees(most: int) -> _Draw:
    return lambda drawn: f"{drawn.some(-most * 10_000, most * 10_000) / 10_000:.4f}"


def _phone(drawn: Invented) -> str:
    return f"{drawn.some(200, 989)}-555-01{drawn.some(0, 99):02d}"


def _user(drawn: Invented) -> str:
    return f"{drawn.one_of('first')}{drawn.one_of('last').replace('-', '')}{drawn.some(1, 99)}".lower()


def _domain(drawn: Invented) -> str:
    return f"{drawn.one_of('domain_word')}.{drawn.one_of('domain_suffix')}"


def _image(subject: str) -> _Draw:
    path = f"{subject}/640x480.png" if subject else "640x480.png"
    return lambda drawn: f"http://images.example/{path}?random={drawn.some(1, 99_999)}"


def _ipv6(drawn: Invented) -> str:
    return "2001:db8:" + ":".join(drawn.characters("0123456789abcdef", 4) for _ in range(6))


def _mac(drawn: Invented) -> str:
    return "02:" + ":".join(drawn.characters("0123456789abcdef", 2) for _ in range(5))


def _iban(drawn: Invented) -> str:
    """Of a country that there is not, with digits that check."""
    account = drawn.characters(string.digits, 18)
    check = 98 - int(f"{account}333300") % 97  # X is 33
    return f"XX{check:02d}{account}"


def _price(drawn: Invented) -> str:
    return f"{drawn.some(10_000, 99_900) / 100:.2f}"


def _sentence(drawn: Invented) -> str:
    return f"{drawn.words('lorem', drawn.some(4, 10)).capitalize()}."


def _sentences(least: int, most: int, between: str = " ") -> _Draw:
    return lambda drawn: between.join(_sentence(drawn) for _ in range(drawn.some(least, most)))


def _paragraphs(drawn: Invented) -> str:
    return "\n \r".join(_sentences(3, 6)(drawn) for _ in range(3))


def _file(ext: str) -> _Draw:
    return lambda drawn: f"{drawn.one_of('word')}_{drawn.one_of('noun').replace(' ', '_')}.{drawn.one_of(ext)}"


def _phrase(drawn: Invented) -> str:
    verb, abbreviation = drawn.one_of("verb").capitalize(), drawn.one_of("abbreviation")
    return f"{verb} the {drawn.one_of('adjective')} {abbreviation} {drawn.one_of('noun')}!"


VARIABLES: Mapping[str, _Draw] = {
    "$guid": _uuid,
    "$timestamp": lambda drawn: str(int(drawn.now())),
    "$isoTimestamp": lambda drawn: _iso(drawn.now()),
    "$randomUUID": _uuid,
    "$randomAlphaNumeric": lambda drawn: drawn.characters(string.ascii_lowercase + string.digits, 1),
    "$randomBoolean": lambda drawn: "true" if drawn.some(0, 1) else "false",
    "$randomInt": lambda drawn: str(drawn.some(0, 1000)),
    "$randomColor": _word("color"),
    "$randomHexColor": lambda drawn: f"#{drawn.characters('0123456789abcdef', 6)}",
    "$randomAbbreviation": _word("abbreviation"),
    "$randomIP": lambda drawn: f"198.{drawn.some(18, 19)}.{drawn.some(0, 255)}.{drawn.some(1, 254)}",
    "$randomIPV6": _ipv6,
    "$randomMACAddress": _mac,
    "$randomPassword": lambda drawn: drawn.characters(string.ascii_letters + string.digits, 15),
    "$randomLocale": _word("locale"),
    "$randomUserAgent": _word("agent"),
    "$randomProtocol": _word("protocol"),
    "$randomSemver": lambda drawn: f"{drawn.some(0, 9)}.{drawn.some(0, 9)}.{drawn.some(0, 9)}",
    "$randomFirstName": _word("first"),
    "$randomLastName": _word("last"),
    "$randomFullName": _joined(" ", "first", "last"),
    "$randomNamePrefix": _word("prefix"),
    "$randomNameSuffix": _word("suffix"),
    "$randomJobArea": _word("area"),
    "$randomJobDescriptor": _word("descriptor"),
    "$randomJobTitle": _joined(" ", "descriptor", "area", "job"),
    "$randomJobType": _word("job"),
    "$randomPhoneNumber": _phone,
    "$randomPhoneNumberExt": lambda drawn: f"{drawn.some(1, 99):02d}-{_phone(drawn)}",
    "$randomCity": _joined(" ", "town_first", "town"),
    "$randomStreetName": _joined(" ", "street", "street_kind"),
    "$randomStreetAddress": lambda drawn: f"{drawn.some(1, 9999)} {_joined(' ', 'street', 'street_kind')(drawn)}",
    "$randomCountry": _word("country"),
    "$randomCountryCode": _word("country_code"),
    "$randomLatitude": _degrees(90),
    "$randomLongitude": _degrees(180),
    "$randomAvatarImage": _image("avatar"),
    "$randomImageUrl": _image(""),
    "$randomAbstractImage": _image("abstract"),
    "$randomAnimalsImage": _image("animals"),
    "$randomBusinessImage": _image("business"),
    "$randomCatsImage": _image("cats"),
    "$randomCityImage": _image("city"),
    "$randomFoodImage": _image("food"),
    "$randomNightlifeImage": _image("nightlife"),
    "$randomFashionImage": _image("fashion"),
    "$randomPeopleImage": _image("people"),
    "$randomNatureImage": _image("nature"),
    "$randomSportsImage": _image("sports"),
    "$randomTransportImage": _image("transport"),
    "$randomImageDataUri": lambda _: _PIXEL,
    "$randomBankAccount": lambda drawn: drawn.characters(string.digits, 8),
    "$randomBankAccountName": _word("account"),
    "$randomCreditCardMask": lambda drawn: drawn.characters(string.digits, 4),
    "$randomBankAccountBic": lambda drawn: f"{drawn.characters(string.ascii_uppercase, 4)}XX{drawn.some(10, 99)}",
    "$randomBankAccountIban": _iban,
    "$randomTransactionType": _word("transaction"),
    "$randomCurrencyCode": _word("currency_code"),
    "$randomCurrencyName": _word("currency"),
    "$randomCurrencySymbol": _word("currency_symbol"),
    "$randomBitcoin": lambda drawn: f"1{drawn.characters(_BASE58, 33)}",
    "$randomCompanyName": _joined(" ", "company", "company_suffix"),
    "$randomCompanySuffix": _word("company_suffix"),
    "$randomBs": _joined(" ", "bs_buzz", "bs_adjective", "bs_noun"),
    "$randomBsAdjective": _word("bs_adjective"),
    "$randomBsBuzz": _word("bs_buzz"),
    "$randomBsNoun": _word("bs_noun"),
    "$randomCatchPhrase": _joined(" ", "catch_adjective", "catch_descriptor", "catch_noun"),
    "$randomCatchPhraseAdjective": _word("catch_adjective"),
    "$randomCatchPhraseDescriptor": _word("catch_descriptor"),
    "$randomCatchPhraseNoun": _word("catch_noun"),
    "$randomDatabaseColumn": _word("column"),
    "$randomDatabaseType": _word("column_type"),
    "$randomDatabaseCollation": _word("collation"),
    "$randomDatabaseEngine": _word("engine"),
    "$randomDateFuture": _date(1, 365 * _DAY),
    "$randomDatePast": _date(-365 * _DAY, -1),
    "$randomDateRecent": _date(-_DAY, -1),
    "$randomWeekday": _word("weekday"),
    "$randomMonth": _word("month"),
    "$randomDomainName": _domain,
    "$randomDomainSuffix": _word("domain_suffix"),
    "$randomDomainWord": _word("domain_word"),
    "$randomEmail": lambda drawn: f"{_user(drawn)}@{_domain(drawn)}",
    "$randomExampleEmail": lambda drawn: f"{_user(drawn)}@example.com",
    "$randomUserName": _user,
    "$randomUrl": lambda drawn: f"{drawn.one_of('protocol')}://{_domain(drawn)}",
    "$randomFileName": _file("ext"),
    "$randomFileType": _word("type"),
    "$randomFileExt": _word("ext"),
    "$randomCommonFileName": _file("common_ext"),
    "$randomCommonFileType": _word("common_type"),
    "$randomCommonFileExt": _word("common_ext"),
    "$randomFilePath": lambda drawn: f"{drawn.one_of('directory')}/{_file('ext')(drawn)}",
    "$randomDirectoryPath": _word("directory"),
    "$randomMimeType": _word("mime"),
    "$randomPrice": _price,
    "$randomProduct": _word("product"),
    "$randomProductAdjective": _word("adjective_of_product"),
    "$randomProductMaterial": _word("material"),
    "$randomProductName": _joined(" ", "adjective_of_product", "material", "product"),
    "$randomDepartment": _word("department"),
    "$randomNoun": _word("noun"),
    "$randomVerb": _word("verb"),
    "$randomIngverb": _word("ingverb"),
    "$randomAdjective": _word("adjective"),
    "$randomWord": _word("word"),
    "$randomWords": lambda drawn: drawn.words("word", drawn.some(2, 5)),
    "$randomPhrase": _phrase,
    "$randomLoremWord": _word("lorem"),
    "$randomLoremWords": lambda drawn: drawn.words("lorem", 3),
    "$randomLoremSentence": _sentence,
    "$randomLoremSentences": _sentences(2, 6),
    "$randomLoremParagraph": _sentences(3, 6),
    "$randomLoremParagraphs": _paragraphs,
    "$randomLoremText": _sentences(2, 8),
    "$randomLoremSlug": lambda drawn: drawn.words("lorem", 3).replace(" ", "-"),
    "$randomLoremLines": _sentences(1, 5, "\n"),
}
