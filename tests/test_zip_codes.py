"""The tables of ZIP codes and cities that come with the application."""

import zipcodes
from starlette.testclient import TestClient

from app.search.reading.cities import city_lines
from app.search.zip_codes import ZIP_POINTS, zip_points
from app.search.zip_states import state_of_zip
from tests.cities import written_cities
from tests.zip_codes import packed_points


def test_the_table_is_that_of_the_package() -> None:
    assert ZIP_POINTS.read_bytes() == packed_points()


def test_the_cities_are_those_of_the_package() -> None:
    assert city_lines() == written_cities().splitlines()


def test_a_zip_code_is_where_the_package_says() -> None:
    for entry in zipcodes.list_all()[::97]:  # type: ignore[no-untyped-call]
        point = (float(entry["lat"]), float(entry["long"]))
        assert zip_points().get(entry["zip_code"]) == (None if point == (0, 0) else point)


def test_a_zip_code_lies_in_the_state_that_the_package_says() -> None:
    military = ("AA", "AE", "AP")
    for entry in zipcodes.list_all()[::7]:  # type: ignore[no-untyped-call]
        if zip_points().get(entry["zip_code"]) is not None:
            state = None if entry["state"] in military else entry["state"]
            assert state_of_zip(entry["zip_code"]) == state


def test_a_code_that_is_nowhere_is_no_place(seeded_client: TestClient) -> None:
    for code in ("00000", "09001", "99999"):
        answer = seeded_client.get("/v1/programs", params={"near": code})

        assert answer.status_code == 422, answer.text
        assert f"no ZIP code is known as '{code}'" in answer.json()["detail"]
