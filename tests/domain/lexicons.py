"""Small lexicons for tests: some schools, fields and everyday words, all cities."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.search.reading.catalogue import Catalogue, places_of, surfaces_of
from app.search.reading.cities import Cities, city_lines
from app.search.reading.common import common_words
from app.search.reading.completions import Completions, pack_completions
from app.search.reading.hand_files import COLUMNS, read_hand_files
from app.search.reading.lexicon import Lexicon, Surfaces, words_of
from app.search.reading.school_names import School
from app.search.zip_codes import zip_points

TITLES = {
    "51.07": "Health and Medical Administrative Services",
    "51.0701": "Health/Health Care Administration/Management",
    "51.0706": "Health Information/Medical Records Administration/Administrator",
    "51.0707": "Health Information/Medical Records Technology/Technician",
    "51.0713": "Medical Insurance Coding Specialist/Coder",
    "51.0714": "Medical Insurance Specialist/Medical Biller",
    "51.0716": "Medical Administrative/Executive Assistant and Medical Secretary",
    "51.1009": "Phlebotomy Technician/Phlebotomist",
    "51.2201": "Public Health, General",
    "51.2706": "Medical Informatics",
    "51.3801": "Registered Nursing/Registered Nurse",
}
HELD = {code: 10 for code in TITLES if code[:5] in ("51.07", "51.27") and len(code) > 5}

HAND = {
    "fields": (
        "medical coding,51.0713|51.0714,1,en;medical coder,51.0713,1,en;coding,51.0713,0.8,en;"
        "medical billing,51.0714|51.0713,1,en;medical billing and coding,51.0713 51.0714,1,en;"
        "health informatics,51.2706,1,en;health information,51.0706 51.0707,0.9,en;"
        "health administration,51.0701,1,en;codificador médico,51.0713,1,es;mha,51.0701@master,1,en"
    ),
    "awards": (
        "certificate,certificate,1,en;associate degree,associate,1,en;two year,associate,0.9,en;"
        "aas,associate,1,en;master,master,1,en;ma,master,0.7,en;ms,master,0.7,en;"
        "licenciatura,bachelor,1,es;phd,doctorate_research,1,en"
    ),
    "filters": (
        "online,delivery=online hybrid,1,en;en línea,delivery=online hybrid,1,es;"
        "cheap,sort=tuition,1,en;public,control=public,1,en;community college,control=public,1,en"
    ),
    "credentials": "rhit,RHIT,1,en;ccs,CCS,1,en;certified coding specialist,CCS,1,en",
    "pages": "salary,figure:wages,1,en;what is a,definition,1,en;whats,definition,1,en",
    "untold": "near me,near,1,en;close to home,near,1,en;free,free,1,en",
    "foreign": "public health,cip:51.22,1,en",
    "fillers": (
        "a,,1,en;the,,1,en;in,,1,en;near,,1,en;and,,1,en;to,,1,en;i,,1,en;want,,1,en;be,,1,en;"
        "en,,1,es;de,,1,es;me,,1,any;or,,1,any;hi,,1,en;for,,1,en;what,,1,en;college,,1,en;"
        "school,,1,en;program,,1,en;university,,1,en;classes,,1,en;is,,1,en;at,,1,en;of,,1,any"
    ),
    "areas": (
        "lehigh valley,counties:42077 42095,1,en;socal,states:CA south:35.8,1,en;"
        "pensilvania,state:PA,1,es;philly,city:Philadelphia PA,1,en;"
        "midwest,states:IL IN OH,1,en;quad cities,metros:19340,1,en"
    ),
    "schools": "two states,204796 207388,0.8,en;kctc,system host:kctcs.edu,1,en",
    "abbreviations": (
        "st,saint,1,en;saint,st,1,en;cc,community college,1,en;tech,technical,1,en;n,and,1,en"
    ),
}


def write_hand_files(folder: Path, rows: dict[str, str] = HAND) -> None:
    """Write hand files, their lines parted by semicolons, without source and day."""
    for name, lines in rows.items():
        body = [f"{line},usage,2026-11-30" for line in lines.split(";")]
        (folder / f"{name}.csv").write_text("\n".join((",".join(COLUMNS), *body, "")), "utf-8")


def school(unitid: int, name: str, city: str, state: str, **others: Any) -> School:
    """Return a school; what is not told is not known."""
    told = {
        "opeid": None,
        "aliases": (),
        "former_names": (),
        "system_name": None,
        "county_code": None,
        "county_name": None,
        "metro": None,
        "website": None,
        "programs": 3,
        "is_public": True,
        **others,
    }
    return School(unitid=unitid, name=name, city=city, state=state, **told)


SCHOOLS = (
    school(110404, "California Institute of Technology", "Pasadena", "CA", aliases=("Caltech",),
           programs=0),
    school(204796, "Ohio State University-Main Campus", "Columbus", "OH", website="https://osu.edu/",
           county_code="39049", county_name="Franklin County", opeid="00309000", programs=9),
    school(207388, "Oklahoma State University-Main Campus", "Stillwater", "OK", aliases=("OSU",),
           website="https://go.okstate.edu/"),
    school(202356, "Cuyahoga Community College District", "Cleveland", "OH",
           website="https://www.tri-c.edu/", county_code="39035", county_name="Cuyahoga County"),
    school(126942, "Community College of Denver", "Denver", "CO", website="https://www.ccd.edu/"),
    school(240453, "University of Wisconsin-Milwaukee", "Milwaukee", "WI",
           website="https://uwm.edu/", aliases=("Universtiy of Wisconsin Milwaukee",)),
    school(243744, "Stanford University", "Stanford", "CA", website="https://www.stanford.edu/"),
    school(136358, "Palm Beach State College", "Lake Worth", "FL",
           former_names=("Palm Beach Junior College",)),
    school(152336, "Indiana Wesleyan University", "Marion", "IN", aliases=("Indiana", "IWU")),
    school(198066, "Brevard College", "Brevard", "NC", website="https://brevard.edu/",
           is_public=False),
    school(403487, "Wabash Valley College", "Mount Carmel", "IL", programs=0, successor=145707),
    school(227854, "St Philip's College", "San Antonio", "TX"),
    school(145707, "Illinois Eastern Community Colleges", "Olney", "IL"),
    *(
        school(156000 + number, f"{name} Community and Technical College", name, "KY",
               website=f"https://{name.lower()}.kctcs.edu/",
               system_name="Kentucky Community and Technical College System")
        for number, name in enumerate(("Ashland", "Hazard", "Somerset", "Madisonville"))
    ),
)  # fmt: skip


def small_lexicon(
    folder: Path, schools: Iterable[School] = SCHOOLS, held: Mapping[str, int] = HELD
) -> Lexicon:
    """Return a lexicon of some schools and the hand files of ``HAND``, written into a folder.

    ``held`` has how many programs there are by CIP code.
    """
    write_hand_files(folder)
    hand = read_hand_files(folder)
    schools = list(schools)
    catalogue = Catalogue(
        schools,
        cip_titles=TITLES,
        programs=held,
        cip_soc=[("51.0713", "29-2072", "Medical Records Specialists")],
        credentials=[("RHIT", "Registered Health Information Technician")],
        metros=[("33460", "Minneapolis-St. Paul-Bloomington, MN-WI")],
    )
    written, made = Surfaces.of(hand.surfaces), Surfaces.of(surfaces_of(catalogue, hand))
    places = places_of(schools)
    programs = Counter({(one.city, one.state): one.programs for one in places.values()})
    return Lexicon(
        [
            written,
            Surfaces.from_bytes(made.to_bytes()),
            Cities(city_lines(), programs, common_words()),
        ],
        words=words_of((*written.texts, *made.texts, *city_lines())),
        schools=places,
        programs=held,
        abbreviations=hand.abbreviations,
        common=common_words(),
        point_of_zip=zip_points().get,
        completions=Completions(pack_completions(hand.surfaces)),
        accented=hand.accented,
    )
