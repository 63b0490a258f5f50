"""What other interfaces call what is here: the first guess of an address leads to the right one."""

from collections.abc import Iterable, Mapping

from app.errors import nearest

ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("schools", "school", "colleges", "universities", "providers"), "institutions"),
    **dict.fromkeys(("program", "courses", "degrees", "offerings", "catalog"), "programs"),
    **dict.fromkeys(
        ("certifications", "certification", "certificates", "certs", "exams", "licenses"),
        "credentials",
    ),
    **dict.fromkeys(("careers", "career", "paths", "roles", "advancement"), "advancement-paths"),
    **dict.fromkeys(("jobs", "professions", "soc"), "occupations"),
    **dict.fromkeys(("settings", "workplaces", "employers"), "work-settings"),
    **dict.fromkeys(("wages", "salaries", "salary", "pay", "figures", "stats"), "statistics"),
    **dict.fromkeys(("states", "metros", "locations", "places", "regions"), "areas"),
    **dict.fromkeys(("questions", "question"), "guide/questions"),
    **dict.fromkeys(("faqs", "faq"), "guide/faqs"),
    **dict.fromkeys(("compare", "comparisons"), "comparison"),
    **dict.fromkeys(("score", "scores", "scoring", "checklist"), "checklists"),
    **dict.fromkeys(("renewal", "renewals"), "renewal-plans"),
    **dict.fromkeys(("plans", "plan"), "advancement-plans"),
    **dict.fromkeys(("exports", "bulk", "download", "downloads", "dump", "dataset"), "export"),
    **dict.fromkeys(("changelog", "feed", "updates", "sync"), "changes"),
    **dict.fromkeys(("versions", "history"), "releases"),
    **dict.fromkeys(("identifiers", "ids", "crosswalk"), "lookup"),
    **dict.fromkeys(("accreditation", "agencies"), "accreditors"),
    **dict.fromkeys(("criteria", "rubric", "method"), "rubrics"),
    **dict.fromkeys(("autocomplete", "complete", "typeahead", "suggestions"), "suggest"),
    **dict.fromkeys(("reports", "report", "feedback"), "corrections"),
    **dict.fromkeys(("coverage", "quality"), "completeness"),
}
"""What the first part of an address is called elsewhere -> what it is called under /v1."""


def meant_address(path: str, known: Iterable[str]) -> str | None:
    """Return the address that one without an answer may be meant for, or None.

    >>> meant_address("/v1/schools/202222", [])
    '/v1/institutions/202222'
    >>> meant_address("/v1/Programs/", ["/v1/programs"])
    '/v1/programs'
    """
    parts = path.strip("/").split("/")
    spelled = [part.lower().replace("_", "-") for part in parts]
    if len(parts) > 1 and spelled[0] == "v1" and spelled[1] in ELSEWHERE:
        return "/".join(["/v1", ELSEWHERE[spelled[1]], *parts[2:]])
    regular = "/" + "/".join(spelled)
    return regular if regular in (known := list(known)) else nearest(path, known)
