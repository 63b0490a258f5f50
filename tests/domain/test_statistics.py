"""Which figures may be compared."""

import pytest

from app.domain.statistics import Figure, compare

GROWTH_29_9021_2023 = Figure(
    "bls_growth_2023_33",
    measure="employment_change_pct",
    method="projection",
    population="All jobs",
    soc_code="29-9021",
    soc_edition="2018",
    unit="percent",
    horizon="2023-2033",
)


GROWTH_29_2071_2018 = Figure(
    "datausa_growth_2028",
    measure="employment_change_pct",
    method="projection",
    population="All jobs",
    soc_code="29-2071",
    soc_edition="2010",
    unit="percent",
    horizon="2018-2028",
)


GLASSDOOR = Figure(
    "glassdoor_median_2024",
    measure="annual_median",
    method="self_reports",
    population="Health Information Technicians, self-reported",
    unit="USD per year",
    period="2024-06",
)


MEDIAN = Figure(
    "oews_2025_05_29_2072_annual_median",
    measure="annual_median",
    method="employer_survey",
    population="Employees",
    soc_code="29-2072",
    soc_edition="2018",
    unit="USD per year",
    period="2025-05",
)


COMPLIANCE_MEDIAN = Figure(
    "bls_compliance_median",
    measure="annual_median",
    method="employer_survey",
    population="Employees",
    soc_code="13-1041",
    soc_edition="2018",
    unit="USD per year",
)


EMPLOYMENT = Figure(
    "oews_2025_05_29_2072_employment",
    measure="employment",
    method="employer_survey",
    population="Employees",
    soc_code="29-2072",
    soc_edition="2018",
    unit="jobs",
    period="2025-05",
)


BASE = Figure(
    "ep_2024_34_29_2072_employment_base",
    measure="employment_base",
    method="projection",
    population="All jobs",
    soc_code="29-2072",
    soc_edition="2018",
    unit="thousand jobs",
    period="2024",
    horizon="2024-2034",
)


PROJECTED = Figure(
    "ep_2024_34_29_2072_employment_projected",
    measure="employment_projected",
    method="projection",
    population="all jobs",
    soc_code="29-2072",
    soc_edition="2018",
    unit="thousand jobs",
    period="2034",
    horizon="2024-2034",
)


OLDER_MEDIAN = Figure(
    "ep_2024_34_29_2072_annual_median",
    measure="annual_median",
    method="employer_survey",
    population="Employees",
    soc_code="29-2072",
    soc_edition="2018",
    unit="USD per year",
    period="2024",
)


LARGEST_SHARE = Figure(
    "hospital_largest_share",
    measure="share",
    method="not_stated",
    population="Technicians",
    unit="share",
    has_value=False,
)


MONTHS = Figure(
    "associate_months",
    measure="duration_months",
    method="editorial_estimate",
    population="Students",
    unit="months",
)


@pytest.mark.parametrize(
    ("one", "other", "codes"),
    [
        (
            GROWTH_29_9021_2023,
            GROWTH_29_2071_2018,
            ["other_soc", "other_soc_edition", "other_horizon"],
        ),
        (
            GLASSDOOR,
            MEDIAN,
            ["soc_not_stated", "other_period", "other_population", "other_method"],
        ),
        (COMPLIANCE_MEDIAN, MEDIAN, ["other_soc", "period_not_stated"]),
        (EMPLOYMENT, BASE, ["other_period", "other_population", "other_unit", "other_method"]),
        (OLDER_MEDIAN, MEDIAN, ["other_period"]),
        (EMPLOYMENT, MEDIAN, ["other_measure", "other_unit"]),
        (BASE, PROJECTED, []),
        (MEDIAN, MEDIAN, []),
        (MONTHS, MONTHS, ["period_not_stated"]),
        (LARGEST_SHARE, MONTHS, None),
    ],
)
def test_figures_compare_only_where_every_trait_is_known_to_agree(
    one: Figure, other: Figure, codes: list[str] | None
) -> None:
    found = [reason.code for reason in compare(one, other)]

    if codes is None:
        codes = [
            "no_value",
            "period_not_stated",
            "other_population",
            "other_measure",
            "other_unit",
            "method_not_stated",
        ]
    assert found == codes
    assert [reason.code for reason in compare(other, one)] == codes


def test_a_reason_names_both_values() -> None:
    [reason] = compare(OLDER_MEDIAN, MEDIAN)

    assert "'2024'" in reason.detail
    assert "'2025-05'" in reason.detail
