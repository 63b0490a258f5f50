"""Sites of three made-up schools: what a reader of schools' pages meets, and what it must refuse.

Fernbank has a weblog system with an index of packed sitemaps, a catalog as PDF, a page in Latin-1
and the statement of its accreditor in the fixed form; Harlow has menus and tables, pages that are
endless, slow, forbidden, and one that leads to a private address; San Isidro speaks Spanish, has no
sitemap, and says two different things on two pages.
"""

import gzip
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlmodel import Session

from app.store.tables.credentials import Credential
from app.store.tables.programs import Program
from tests.making import SCHOOL, add_program, publish
from tests.publishers import Publishers, publishing
from tests.reader.judging import to_pdf

HTML = "text/html; charset=utf-8"
HIT, CODING, SPANISH = "fernbank-hit", "harlow-coding", "san-isidro-him"
PRIVATE = "http://169.254.169.254/latest/meta-data/"
"""Where a redirect of Harlow leads: an address of its own network."""


@dataclass
class Schools:
    """The sites, by the program of each that is in the catalogue."""

    sites: dict[str, Publishers]

    @property
    def hosts(self) -> frozenset[str]:
        """Host and port of each."""
        return frozenset(site.url.removeprefix("http://") for site in self.sites.values())

    def url(self, program: str, path: str = "") -> str:
        return f"{self.sites[program].url}/{path}"

    def page(self, program: str, path: str, body: str | bytes, **how: object) -> None:
        """Serve a page; text is sent as UTF-8."""
        content = body.encode() if isinstance(body, str) else body
        self.sites[program].publish(path, content, **{"kind": HTML, **how})

    def asked(self, program: str) -> list[str]:
        return self.sites[program].paths()


@contextmanager
def three_schools() -> Iterator[Schools]:
    """Serve the sites on three ports of this machine."""
    with ExitStack() as running:
        sites = {program: running.enter_context(publishing()) for program in (HIT, CODING, SPANISH)}
        schools = Schools(sites)
        _fernbank(schools)
        _harlow(schools)
        _san_isidro(schools)
        yield schools


def add_to_catalogue(session: Session, schools: Schools) -> list[Program]:
    """Add the programs, of which nothing but name, award and the site of the school is known."""
    told = (
        (
            HIT,
            "Fernbank Community College",
            "Health Information Technology",
            "51.0707",
            "associate",
        ),
        (
            *(CODING, "Harlow Technical College", "Medical Coding Specialist", "51.0713"),
            "certificate_1_to_2_years",
        ),
        (
            *(SPANISH, "Universidad San Isidro", "Health Information Management", "51.0706"),
            "bachelor",
        ),
    )
    made = [
        add_program(
            session,
            slug,
            school=name.lower().replace(" ", "-"),
            school_fields={"name": name, "website": schools.url(slug), "state": state},
            completions={"2024-25": awards},
            name=title,
            cip_code=cip,
            award_level=level,
        )
        for (slug, name, title, cip, level), state, awards in zip(
            told, ("OH", "OH", "PR"), (40, 25, 12), strict=True
        )
    ]
    for code, name, issuer in (
        ("RHIT", "Registered Health Information Technician", "AHIMA"),
        ("CPC", "Certified Professional Coder", "AAPC"),
    ):
        session.add(
            Credential(
                code=code,
                name=name,
                issuer=issuer.lower(),
                issuer_name=issuer,
                issuer_url=f"https://{issuer.lower()}.example/",
                level="entry",
                focus="coding" if code == "CPC" else "management",
                summary=name,
                status="offered",
                source=SCHOOL,
            )
        )
    publish(session)
    return made


def _whole(title: str, body: str, *, menu: str = "", school: str = "", language: str = "en") -> str:
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<title>{title} | {school}</title></head><body><header><nav>{menu}</nav></header>
<main><h1>{title}</h1>{body}</main><footer><p>© 2026 {school}</p></footer></body></html>"""


def _fernbank(schools: Schools) -> None:
    name = "Fernbank Community College"
    menu = (
        '<a href="/about/">About</a> <a href="/apply-now/">Apply now</a> '
        '<a href="/news/">News</a> <a href="/programs/nursing/">Nursing</a>'
    )

    def add(path: str, title: str, body: str) -> None:
        schools.page(HIT, path, _whole(title, body, menu=menu, school=name))

    add("", "Welcome to Fernbank", "<p>Find your future here.</p>")
    add(
        "programs/health-information-technology/",
        "Health Information Technology, Associate of Applied Science",
        """<p>Last updated: September 14, 2026</p>
<p>The Health Information Technology associate degree program takes 64 credits and is offered fully
online; most students finish in 24 months.</p>
<h2>Accreditation</h2>
<p>The Health Information Technology associate degree program of Fernbank Community College is
accredited by the Commission on Accreditation for Health Informatics and Information Management
Education (CAHIIM). The program has been reaffirmed through 2031-2032.</p>
<h2>Program outcomes</h2>
<p>Graduation rate, 2025: 78%. Employment rate within six months, 2025: 91%.</p>
<h2>Professional practice experience</h2>
<p>Students complete a required professional practice experience of 120 hours. The college arranges
the site for each student.</p>
<h2>Questions?</h2>
<p>Program director: Dana Example, dana.example@fernbank.example, (555) 010-0199.</p>
<p><a href="/programs/health-information-technology/costs/">Program costs</a></p>""",
    )
    add(
        "programs/health-information-technology/costs/",
        "Health Information Technology: what it costs in 2026-27",
        """<table><tr><th>Cost of the program</th><th>Ohio residents</th><th>Out-of-state</th></tr>
<tr><td>Tuition, per credit</td><td>$168</td><td>$339</td></tr></table>
<p>Books for the whole program cost about $1,450.</p>""",
    )
    schools.page(
        HIT,
        "tuition-and-fees/",
        """<html><head><title>Tuition and Fees 2026-27 | Fernbank Community College</title></head>
<body><h1>Tuition and Fees 2026-27</h1>
<p>General fees – for every student – are $12 per credit.</p>
<h2>Refund policy</h2><p>Students who drop a class before the 14th day get a refund of 100% of
tuition; there is no refund after the 30th day.</p></body></html>""".encode("cp1252"),
        kind="text/html; charset=iso-8859-1",
    )
    add(
        "transfer/",
        "Transfer to Fernbank",
        "<p>Fernbank accepts up to 45 transfer credits from regionally accredited colleges.</p>"
        "<h2>Prior learning</h2><p>Credit for prior learning is awarded by portfolio.</p>",
    )
    add("programs/nursing/", "Nursing, AAS", "<p>Students complete 600 clinical hours.</p>")
    add("news/", "News", "<p>The HIT program celebrates.</p>")
    schools.page(
        HIT,
        "catalog/2026-27-health-information-technology.pdf",
        to_pdf(
            "Fernbank Community College Catalog 2026-2027\n\n"
            "Health Information Technology, Associate of Applied Science\n\n"
            "The Health Information Technology program requires 64 credits.\n"
            "Graduates are eligible to sit for the RHIT exam of AHIMA.\n"
        ),
        kind="application/pdf",
    )
    site = schools.url(HIT)
    pages = "".join(
        f"<url><loc>{site}{path}</loc></url>"
        for path in (
            *("programs/health-information-technology/", "programs/nursing/", "tuition-and-fees/"),
            *("transfer/", "news/", "catalog/2026-27-health-information-technology.pdf"),
        )
    )
    schools.page(HIT, "page-sitemap.xml.gz", gzip.compress(f"<urlset>{pages}</urlset>".encode()))
    schools.page(
        HIT,
        "sitemap_index.xml",
        f"<sitemapindex><sitemap><loc>{site}page-sitemap.xml.gz</loc></sitemap></sitemapindex>",
        kind="application/xml",
    )
    robots = f"User-agent: *\nDisallow: /wp-admin/\nSitemap: {site}sitemap_index.xml\n"
    schools.page(HIT, "robots.txt", robots, kind="text/plain")


def _harlow(schools: Schools) -> None:
    name = "Harlow Technical College"
    menu = (
        '<a href="/academics/health">Health programs</a> <a href="/tuition">Tuition and fees</a> '
        '<a href="/transfer-credit">Transfer credit</a> <a href="/news">News</a>'
    )

    def add(path: str, title: str, body: str, **how: object) -> None:
        schools.page(CODING, path, _whole(title, body, menu=menu, school=name), **how)

    add("", "Harlow Technical College", "<p>Skills for Ohio.</p>")
    add(
        "academics/health",
        "Health programs",
        '<ul><li><a href="/academics/dental">Dental Assisting</a></li>'
        '<li><a href="/academics/medical-coding">Medical Coding Specialist certificate</a></li>'
        "</ul>",
    )
    add("academics/dental", "Dental Assisting", "<p>Students complete 300 hours.</p>")
    add(
        "academics/medical-coding",
        "Medical Coding Specialist Certificate",
        """<p>Updated 2026-10-02</p>
<p>The Medical Coding Specialist certificate takes 12 months and 36 credits, on campus.</p>
<p>The certificate prepares graduates for the CPC exam of AAPC.</p>
<dl><dt>Externship</dt>
<dd>An optional externship of 80 hours; students find their own site.</dd></dl>
<p>The total cost of the certificate program is $6,900, books included.</p>
<p><a href="/academics/medical-coding/accreditation">Medical coding accreditation</a>
<a href="/academics/medical-coding/cost-sheet">Medical coding cost sheet</a>
<a href="/academics/medical-coding/tuition-archive">Medical coding tuition archive</a>
<a href="/academics/medical-coding/outcomes">Medical coding outcomes</a></p>""",
    )
    add("tuition", "Tuition and fees", "<p>Tuition is $190 per credit for all students.</p>")
    add("transfer-credit", "Transfer credit", "<p>Harlow does not award transfer credit.</p>")
    schools.page(CODING, "academics/medical-coding/accreditation", b"", moved_to=PRIVATE)
    schools.page(
        CODING, "academics/medical-coding/cost-sheet", b"<p>x</p>" * 9_000, is_endless=True
    )
    add("academics/medical-coding/tuition-archive", "Archive", "<p>" + "x" * 90_000, pause=0.2)
    add("academics/medical-coding/outcomes", "Outcomes", "<p>Not for readers.</p>")
    robots = "User-agent: *\nDisallow: /academics/medical-coding/outcomes\n"
    schools.page(CODING, "robots.txt", robots, kind="text/plain")


def _san_isidro(schools: Schools) -> None:
    name = "Universidad San Isidro"
    menu = (
        '<a href="/programas">Programas académicos</a> <a href="/costos">Costos de estudio</a> '
        '<a href="/mapa">Mapa</a>'
    )

    def add(path: str, title: str, body: str) -> None:
        whole = _whole(title, body, menu=menu, school=name, language="es")
        schools.page(SPANISH, path, whole)

    add("", "Universidad San Isidro", "<p>Bienvenidos.</p>")
    add(
        "programas",
        "Programas académicos",
        '<a href="/programas/him">Bachillerato en Manejo de Información de Salud</a> '
        '<a href="/programas/enfermeria">Enfermería</a>',
    )
    add(
        "programas/him",
        "Bachelor of Science in Health Information Management",
        """<p>Updated: August 3, 2026</p>
<p>The Health Information Management bachelor's program takes 122 credits.</p>
<p>Students complete a required practicum of 160 hours.</p>
<p><a href="/programas/him/practica">Práctica: Health Information Management practicum</a></p>""",
    )
    add(
        "programas/him/practica",
        "Health Information Management bachelor's program: practicum",
        "<p>Updated: May 9, 2025</p><p>Students complete a required practicum of 180 hours.</p>",
    )
    add("costos", "Costos de estudio 2026-27", "<p>La matrícula es de $210 por crédito.</p>")
    add("programas/enfermeria", "Enfermería", "<p>500 horas.</p>")
