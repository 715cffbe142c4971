"""Words from which dynamic values are drawn; short lists of our own, and nobody's name, address or number."""

from __future__ import annotations

# One list a paragraph: its name, a colon, and what is in it, with semicolons between. The suffixes of domains are kept
# free for examples and tests, so that nobody is reached there.
_PARAGRAPHS = """
color: red; orange; amber; olive; green; teal; cyan; blue; indigo; violet; maroon; grey; black; white
abbreviation: API; CPU; CSS; DNS; FTP; HTTP; JSON; PNG; RAM; RSS; SQL; SSD; TCP; TLS; URL; XML
locale: cs; da; de; el; en; es; et; fi; fr; ga; hr; hu; it; ja; ko; lt; nl; pl; pt; ro; sk; sv; tr; uk; zh
first: Alma; Bruno; Clara; Dario; Edda; Felix; Greta; Hugo; Ines; Jonas; Kaya; Liv; Milo; Nora; Otis; Petra;
  Quinn; Runa; Silas; Tilda; Ugo; Vera; Wanda; Xaver; Yara; Zeno
last: Amberfield; Birkholt; Calloway-Reed; Dunmoor; Eastbrook; Fernsby; Gildart; Hazelwick; Iverdale; Joskin;
  Kettlebrook; Larkmoor; Mossgrave; Northolme; Oakhurst-Vale; Pendry; Quillfeather; Rookwell; Stonebeck;
  Tarnow; Underhay; Vexley; Wrenfold; Yarborne
prefix: Mr.; Mrs.; Ms.; Miss; Dr.; Mx.
suffix: Jr.; Sr.; I; II; III; IV; MD; DDS; PhD
descriptor: Lead; Senior; Direct; Corporate; Regional; District; Central; Global; Principal; Chief
area: Accounts; Assurance; Brand; Communications; Data; Identity; Infrastructure; Markets; Mobility;
  Operations; Quality; Research; Security; Usability
job: Administrator; Agent; Analyst; Architect; Consultant; Coordinator; Designer; Developer; Engineer;
  Manager; Officer; Planner; Producer; Strategist; Supervisor; Technician
country: Austria; Brazil; Canada; Chile; Denmark; Estonia; Finland; Ghana; Iceland; India; Japan; Kenya;
  Malta; Mexico; Nepal; Norway; Peru; Portugal; Samoa; Uruguay
country_code: AT; BR; CA; CL; DK; EE; FI; GH; IS; IN; JP; KE; MT; MX; NP; NO; PE; PT; WS; UY
town_first: North; South; East; West; New; Lake; Port; Upper; Lower; Old
town: Alderby; Brackwater; Cinderford; Dunsley; Elmhaven; Fallowmere; Grantwick; Holloway; Inverlea;
  Kingsmarsh; Larchmont; Millbrook; Ravenscar; Thornbury; Willowdale
street: Alder; Beech; Cedar; Chestnut; Elm; Harbour; High; Linden; Maple; Mill; Orchard; Station; Willow
street_kind: Avenue; Close; Court; Crescent; Lane; Parkway; Road; Square; Street; Way
department: Books; Movies; Music; Games; Electronics; Computers; Home; Garden; Tools; Grocery; Health; Beauty;
  Toys; Kids; Baby; Clothing; Shoes; Jewelry; Sports; Outdoors; Automotive; Industrial
adjective_of_product: Small; Ergonomic; Rustic; Intelligent; Elegant; Practical; Sleek; Sturdy; Handmade;
  Licensed; Refined; Tasty; Unbranded; Generic; Gorgeous
material: Steel; Wooden; Concrete; Plastic; Cotton; Granite; Rubber; Metal; Soft; Fresh; Frozen; Leather
product: Chair; Car; Computer; Keyboard; Mouse; Bike; Ball; Gloves; Trousers; Shirt; Table; Shoes; Hat;
  Towels; Soap; Cheese; Bread; Salad; Lamp; Kettle
company: Amberline; Birchgate; Cobaltum; Driftwell; Emberlane; Fernhollow; Glasswing; Hollowbrook; Ironvale;
  Juniperus; Kestrelworks; Lumenfold; Mistral Field; Nightjar; Orrery; Pinecrest Row
company_suffix: Inc; LLC; Group; and Sons; Ltd; Partners
catch_adjective: Adaptive; Balanced; Compatible; Configurable; Distributed; Enhanced; Focused; Innovative;
  Managed; Modular; Optimised; Persistent; Robust; Secured; Switchable; Versatile
catch_descriptor: 24-hour; asynchronous; bi-directional; client-driven; content-based; dynamic; even-keeled;
  global; high-level; local; mission-critical; modular; real-time; scalable; static; web-enabled
catch_noun: ability; adapter; approach; archive; array; benchmark; challenge; circuit; database; forecast;
  framework; hierarchy; interface; matrix; methodology; paradigm; portal; protocol; toolset; workforce
bs_buzz: aggregate; architect; benchmark; deliver; deploy; disintermediate; drive; embrace; enable; engage;
  harness; incentivise; leverage; monetise; orchestrate; reinvent; scale; streamline; synthesise; unleash
bs_adjective: 24/7; B2B; B2C; bleeding-edge; compelling; cross-platform; distributed; end-to-end; extensible;
  frictionless; granular; holistic; interactive; mission-critical; next-generation; plug-and-play; robust;
  viral
bs_noun: action-items; applications; architectures; bandwidth; channels; communities; content; deliverables;
  e-services; experiences; functionalities; infrastructures; markets; metrics; networks; paradigms; platforms
column: id; title; name; email; phone; token; group; category; password; comment; avatar; status; createdAt;
  updatedAt
column_type: int; varchar; text; date; datetime; tinyint; time; timestamp; smallint; mediumint; bigint;
  decimal; float; double; real; bit; boolean; binary; blob; enum; set; geometry; point
collation: utf8_unicode_ci; utf8_general_ci; utf8_bin; ascii_bin; ascii_general_ci; cp1250_bin;
  cp1250_general_ci
engine: InnoDB; MyISAM; MEMORY; CSV; BLACKHOLE; ARCHIVE
month: January; February; March; April; May; June; July; August; September; October; November; December
weekday: Monday; Tuesday; Wednesday; Thursday; Friday; Saturday; Sunday
account: Checking Account; Savings Account; Money Market Account; Investment Account; Home Loan Account;
  Credit Card Account; Auto Loan Account; Personal Loan Account
transaction: deposit; invoice; payment; withdrawal
currency_code: AUD; BRL; CAD; CHF; CLP; CZK; DKK; EUR; GBP; HUF; INR; JPY; KES; MXN; NOK; NZD; PLN; SEK; USD;
  ZAR
currency: Australian Dollar; Brazilian Real; Canadian Dollar; Swiss Franc; Chilean Peso; Czech Koruna; Danish
  Krone; Euro; Pound Sterling; Forint; Indian Rupee; Yen; Kenyan Shilling; Mexican Peso; Norwegian Krone
currency_symbol: $; £; €; ¥; kr; Kč; zł; Ft; R$; ₹; CHF
adjective: auxiliary; back-end; bluetooth; digital; haptic; mobile; multi-byte; neural; online; open-source;
  optical; primary; redundant; solid state; virtual; wireless
noun: alarm; array; bandwidth; bus; capacitor; card; circuit; driver; feed; firewall; hard drive; interface;
  matrix; microchip; monitor; panel; pixel; port; program; protocol; sensor; system; transmitter
verb: back up; bypass; calculate; compress; connect; copy; generate; hack; index; input; navigate; override;
  parse; program; quantify; reboot; synthesize; transmit
ingverb: backing up; bypassing; calculating; compressing; connecting; copying; generating; hacking; indexing;
  inputting; navigating; overriding; parsing; programming; quantifying; rebooting; synthesizing; transmitting
word: anchor; breeze; candle; drift; ember; feather; granite; harvest; island; juniper; kettle; lantern;
  meadow; north; orbit; pebble; quartz; ribbon; signal; timber; umbrella; velvet; willow; yonder; zephyr
lorem: ab; accusamus; ad; amet; animi; aut; consequatur; cumque; debitis; dolor; ea; enim; et; ex; fugiat;
  hic; id; illo; in; ipsa; ipsum; iste; itaque; labore; lorem; maxime; minus; natus; nemo; nihil; odio; omnis;
  porro; quae; quam; quia; quis; quo; ratione; rem; sed; sint; sit; tempore; ut; vel; velit; vero; vitae;
  voluptas
domain_word: amberline; birchgate; cobaltum; driftwell; emberlane; fernhollow; glasswing; hollowbrook;
  ironvale
domain_suffix: example; test; invalid
protocol: http; https
directory: /bin; /boot; /dev; /etc; /etc/mail; /lib; /media; /mnt; /opt; /opt/bin;
  /private; /proc; /root; /sbin; /srv; /sys; /usr; /usr/bin; /usr/lib; /usr/share; /var; /var/log;
  /var/mail
common_ext: gif; htm; html; jpe; jpeg; jpg; m1v; m2a; mp2; mp3; mp4; mpeg; mpg; pdf; png; shtml; wav
ext: azw; bz2; css; csv; deb; docx; epub; flac; gml; ics; iso; jar; js; json; kml; mid; odt; oga; ogg; pptx;
  ps; rtf; svg; tar; tiff; ttf; txt; vcf; webm; woff; xlsx; xml; yaml; zip
common_type: video; audio; image; text; application
type: application; audio; chemical; font; image; message; model; multipart; text; video; x-conference
mime: application/json; application/pdf; application/xml; application/zip; audio/mpeg; audio/ogg; font/woff;
  image/gif; image/jpeg; image/png; image/svg+xml; text/css; text/csv; text/html; text/plain; video/mp4;
  video/webm
"""


def _lists() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for paragraph in _PARAGRAPHS.strip().replace("\n  ", " ").splitlines():
        name, _, words = paragraph.partition(": ")
        lists[name] = tuple(words.split("; "))
    return lists


LISTS = _lists() | {
    "agent": (
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
    )
}
