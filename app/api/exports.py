"""GET /v1/export/{collection}.ndjson: whole collections as files, and programs by filters."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session

from app.api.comparison import compare_in_query
from app.api.downloads import list_files, send_collection, send_hash, send_rows
from app.clock import today
from app.errors import NotFoundError
from app.exports import careers, comparison, credential_comparison
from app.exports.collections import (
    CSV,
    NDJSON,
    PARQUET,
    SQLITE,
    XLSX,
    files,
    find_institutions,
    find_programs,
)
from app.exports.descriptions import schemas, to_csv_metadata, to_data_package, to_datasette
from app.exports.forms import DATABASE
from app.exports.tables import Table, to_csv, to_xlsx
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.html import base_of, tagged_response
from app.queries.careers import get_careers
from app.queries.credential_comparison import compare_credentials
from app.schemas.careers import CareersQuery
from app.schemas.comparison import ComparisonQuery
from app.schemas.credentials import CredentialComparisonQuery
from app.schemas.exports import ExportList
from app.schemas.institutions import InstitutionFilters
from app.schemas.pages import Text
from app.schemas.programs import ProgramFilters
from app.search.places import reader_of
from app.store.records import canonical

router = APIRouter(prefix="/export", tags=["Data and method"])

HEADERS = {
    name: {"description": what, "schema": {"type": "string"}}
    for name, what in {
        "ETag": "Of this release and question; send it as If-None-Match",
        "Last-Modified": "When the release was published",
        "Repr-Digest": "sha-256 of these bytes as sent; of a whole collection only",
    }.items()
}


def download_response(
    media_type: str, what: str, schema: dict[str, Any] | None = None
) -> dict[int | str, Any]:
    """Return what the answer of a download is documented as."""
    content = {media_type.partition(";")[0]: {"schema": schema or {"type": "string"}}}
    return {200: {"description": what, "content": content, "headers": HEADERS}}


def _description(media_type: str, what: str) -> dict[str, Any]:
    """Return how a route is documented that describes the files."""
    content = {media_type: {"schema": {"type": "object"}}}
    return {
        "response_class": Response,
        "responses": {200: {"description": what, "content": content}},
        "dependencies": [NO_PARAMETERS],
    }


ORDER = "By school, name and slug"
BINARY = {"type": "string", "format": "binary"}


@router.get(
    "",
    summary="List all that can be taken away whole: files with size, rows, hash and date",
    description="Lists the files of the newest [release](/docs/glossary#release), for those who "
    "want everything at once.\n\n"
    "They are made once a release; one that nobody has waited for yet has no size.",
    dependencies=[NO_PARAMETERS],
)
async def list_exports(request: Request) -> ExportList:
    return await list_files(request)


@router.get(
    "/programs.ndjson",
    summary="Take away every program that filters let through, as lists serve it, a line each",
    description="Gives every program that matches as one file for software, a line "
    "each; the example takes those of Ohio.",
    response_class=Response,
    responses=download_response(NDJSON, ORDER),
)
async def export_programs_ndjson(
    request: Request, query: Annotated[ProgramFilters, Query()]
) -> Response:
    find = partial(find_programs, filters=query)
    return await send_rows(request, "programs.ndjson", query, find, reader_of(query, query.near))


@router.get(
    "/programs.csv",
    summary="Take away every program that filters let through, as a table; empty is unknown",
    description="Gives every program that matches as a table for a spreadsheet; the "
    "example takes those of Ohio.\n\n"
    "An empty cell is unknown. The [quick start](/docs/quick-start#spreadsheet) shows "
    "how to open it in Excel, LibreOffice and Google Sheets.",
    response_class=Response,
    responses=download_response(CSV, ORDER),
)
async def export_programs_csv(
    request: Request, query: Annotated[ProgramFilters, Query()]
) -> Response:
    find = partial(find_programs, filters=query)
    return await send_rows(request, "programs.csv", query, find, reader_of(query, query.near))


@router.get(
    "/programs.xlsx",
    summary="Take every program that filters let through away as an Excel workbook",
    description="Gives the programs that match, up to 20,000, as an Excel workbook whose codes are "
    "texts; the example takes those of Ohio.\n\n"
    "An empty cell is unknown. The sheet *About* explains the columns; no cell holds a formula.",
    response_class=Response,
    responses=download_response(XLSX, ORDER, BINARY),
)
async def export_programs_xlsx(
    request: Request, query: Annotated[ProgramFilters, Query()]
) -> Response:
    find = partial(find_programs, filters=query)
    return await send_rows(request, "programs.xlsx", query, find, reader_of(query, query.near))


@router.get(
    "/institutions.csv",
    summary="Take every school that filters let through away as a table",
    description="Gives the schools that offer a program of the catalogue as a table for a "
    "spreadsheet; the example takes those of Ohio.\n\nAn empty cell is unknown.",
    response_class=Response,
    responses=download_response(CSV, "By name"),
)
async def export_institutions_csv(
    request: Request, query: Annotated[InstitutionFilters, Query()]
) -> Response:
    return await _send_institutions(request, "institutions.csv", query)


@router.get(
    "/institutions.ndjson",
    summary="Take every school that filters let through away, as lists serve it, a line each",
    description="Gives the schools that offer a program of the catalogue as one file for "
    "software, a line each; the example takes those of Ohio.",
    response_class=Response,
    responses=download_response(NDJSON, "By name"),
)
async def export_institutions_ndjson(
    request: Request, query: Annotated[InstitutionFilters, Query()]
) -> Response:
    return await _send_institutions(request, "institutions.ndjson", query)


@router.get(
    "/institutions.xlsx",
    summary="Take every school that filters let through away as an Excel workbook",
    description="Gives the schools that offer a program of the catalogue as an Excel workbook; "
    "the example takes those of Ohio.\n\nAn empty cell is unknown.",
    response_class=Response,
    responses=download_response(XLSX, "By name", BINARY),
)
async def export_institutions_xlsx(
    request: Request, query: Annotated[InstitutionFilters, Query()]
) -> Response:
    return await _send_institutions(request, "institutions.xlsx", query)


async def _send_institutions(request: Request, name: str, query: InstitutionFilters) -> Response:
    return await send_rows(request, name, query, partial(find_institutions, filters=query))


@router.get(
    "/comparison.csv",
    summary="Take a comparison away as a table: a fact a row, with who says so",
    description="Gives 2 to 8 programs side by side as a table for a meeting.\n\n"
    "What is not known says so; the JSON of the same is [/v1/comparison](/docs/interface).",
    response_class=Response,
    responses=download_response(CSV, "By section, as in the comparison"),
)
def export_comparison_csv(
    session: SessionDep, query: Annotated[ComparisonQuery, Query()]
) -> Response:
    return _csv("comparison", comparison.table_of(compare_in_query(session, query)))


@router.get(
    "/comparison.xlsx",
    summary="Take a comparison away as an Excel workbook: a fact a row, with who says so",
    description="Gives 2 to 8 programs side by side as an Excel workbook, with for whom the "
    "prices hold and of which day it is.\n\nNo cell holds a formula.",
    response_class=Response,
    responses=download_response(XLSX, "By section, as in the comparison", BINARY),
)
def export_comparison_xlsx(
    session: SessionDep, query: Annotated[ComparisonQuery, Query()]
) -> Response:
    return _xlsx("comparison", comparison.table_of(compare_in_query(session, query)))


@router.get(
    "/credential-comparison.csv",
    summary="Take credentials side by side away as a table: a fact a row, with who says so",
    description="Gives 2 to 6 credentials side by side as a table: who may sit, fees, exam, "
    "renewal, and pay in the country and where the reader lives.\n\n"
    "The JSON of the same is [/v1/credentials/comparison](/docs/interface).",
    response_class=Response,
    responses=download_response(CSV, "By field, as in the comparison"),
)
def export_credential_comparison_csv(
    session: SessionDep, query: Annotated[CredentialComparisonQuery, Query()]
) -> Response:
    return _csv("credentials", _credentials(session, query))


@router.get(
    "/credential-comparison.xlsx",
    summary="Take credentials side by side away as an Excel workbook: a fact a row",
    description="Gives 2 to 6 credentials side by side as an Excel workbook, each fact with who "
    "says so.\n\nNo cell holds a formula.",
    response_class=Response,
    responses=download_response(XLSX, "By field, as in the comparison", BINARY),
)
def export_credential_comparison_xlsx(
    session: SessionDep, query: Annotated[CredentialComparisonQuery, Query()]
) -> Response:
    return _xlsx("credentials", _credentials(session, query))


def _credentials(session: Session, query: CredentialComparisonQuery) -> Table:
    day = query.as_of or today()
    now = compare_credentials(session, query.credential, query, day)
    return credential_comparison.table_of(now)


@router.get(
    "/careers.csv",
    summary="Take the pay of the field's occupations away as a table: country, state, every state",
    description="Gives pay and jobs of every occupation of the field, in the country and in one "
    "state; with a SOC code those of one occupation in every state.\n\n"
    "The JSON of the same is [/v1/careers](/docs/interface).",
    response_class=Response,
    responses=download_response(CSV, "By occupation, then by area"),
)
def export_careers_csv(session: SessionDep, query: Annotated[CareersQuery, Query()]) -> Response:
    return _csv("careers", careers.table_of(get_careers(session, query)))


@router.get(
    "/careers.xlsx",
    summary="Take the pay of the field's occupations away as an Excel workbook",
    description="Gives pay and jobs of every occupation of the field as an Excel workbook, in the "
    "country and in one state, or of one occupation in every state.\n\nNo cell holds a formula.",
    response_class=Response,
    responses=download_response(XLSX, "By occupation, then by area", BINARY),
)
def export_careers_xlsx(session: SessionDep, query: Annotated[CareersQuery, Query()]) -> Response:
    return _xlsx("careers", careers.table_of(get_careers(session, query)))


def _csv(name: str, table: Table) -> Response:
    return Response(to_csv(table), headers=_named(f"{name}.csv"), media_type=CSV)


def _xlsx(name: str, table: Table) -> Response:
    return Response(to_xlsx(table), headers=_named(f"{name}.xlsx"), media_type=XLSX)


def _named(file: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{file}"'}


TableName = Annotated[
    Text,
    Path(
        max_length=50,
        description="A table of [the list](/v1/export), such as `credentials`; of "
        "`credential_facts` a row is what somebody claims of a credential",
        examples=["credentials"],
    ),
]


@router.get(
    "/{table}.csv",
    summary="Take a whole table away as CSV: credentials, claims on them, figures, roles and more",
    description="Gives a whole table for a spreadsheet, such as every credential, or every claim "
    "on one: fees, exams, renewal, each with who says so and what nobody tells.\n\n"
    "An empty cell is unknown; a list stands with `;` between its values. Codes are text: "
    "[datapackage.json](/v1/export/datapackage.json) tells the type of each column.",
    response_class=Response,
    responses=download_response(CSV, "By the key of the table"),
    dependencies=[NO_PARAMETERS],
)
async def export_table_csv(request: Request, table: TableName) -> Response:
    return await _send_known(request, table, ".csv")


@router.get(
    "/{table}.xlsx",
    summary="Take a whole table away as an Excel workbook",
    description="Gives a whole table as an Excel workbook whose codes are texts, such as every "
    "credential.\n\n"
    "An empty cell is unknown. The sheet *About* explains the columns; no cell holds a formula.",
    response_class=Response,
    responses=download_response(XLSX, "By the key of the table", BINARY),
    dependencies=[NO_PARAMETERS],
)
async def export_table_xlsx(request: Request, table: TableName) -> Response:
    return await _send_known(request, table, ".xlsx")


@router.get(
    "/{table}.parquet",
    summary="Take a whole table away as Parquet: types, lists and descriptions in the file",
    description="Gives a whole table as a file that pandas, Polars, DuckDB and R open with the "
    "right types, at a tenth of the size of the CSV.\n\n"
    "The [quick start](/docs/quick-start#files) shows how.",
    response_class=Response,
    responses=download_response(PARQUET, "By the key of the table", BINARY),
    dependencies=[NO_PARAMETERS],
)
async def export_table_parquet(request: Request, table: TableName) -> Response:
    return await _send_known(request, table, ".parquet")


@router.get(
    f"/{DATABASE}.db",
    summary="Take all tables away as one SQLite database, with keys and indexes",
    description="Gives every table of the release in one file that SQLite, DuckDB and Datasette "
    "open.\n\nLists are texts of JSON. "
    "[datasette.json](/v1/export/datasette.json) describes its tables and columns to Datasette.",
    response_class=Response,
    responses=download_response(SQLITE, "A database", BINARY),
    dependencies=[NO_PARAMETERS],
)
async def export_database(request: Request) -> Response:
    return await send_collection(request, f"{DATABASE}.db")


@router.get(
    "/datapackage.json",
    summary="Describe all tables as a data package: type, meaning and key of every column",
    description="Describes the CSV files for software that reads data packages, such as "
    "frictionless: which columns are text, how tables belong together, sizes and hashes.",
    **_description("application/json", "The data package"),
)
async def get_data_package(request: Request) -> Response:
    told = to_data_package(await list_files(request), base_of(request))
    return tagged_response(request, canonical(told).encode(), "application/json", {})


@router.get(
    "/csv-metadata.json",
    summary="Describe all tables as CSV on the Web: type, meaning and key of every column",
    description="Describes the CSV files for software that follows the W3C's *CSV on the Web*, "
    "which looks for it here.",
    **_description("application/csvm+json", "A group of tables"),
)
async def get_csv_metadata(request: Request) -> Response:
    told = to_csv_metadata(await list_files(request), base_of(request))
    return tagged_response(request, canonical(told).encode(), "application/csvm+json", {})


@router.get(
    "/datasette.json",
    summary="Describe the database of all tables to Datasette",
    description="Describes the tables and columns of the SQLite database in the words that "
    "Datasette shows beside them.\n\n"
    "`datasette hit-compare.db --metadata datasette.json` serves both.",
    **_description("application/json", "Metadata of Datasette"),
)
async def get_datasette_metadata(request: Request) -> Response:
    told = to_datasette(await list_files(request), base_of(request))
    return tagged_response(request, canonical(told).encode(), "application/json", {})


@router.get(
    "/{collection}.schema.json",
    summary="Show the shape of a line of a collection as JSON Schema",
    description="Describes one line of a collection, or one record of it in "
    "[the feed of changes](/v1/changes), for software that makes classes of it.",
    **_description("application/schema+json", "A JSON Schema"),
)
async def get_export_schema(
    request: Request,
    collection: Annotated[
        Text,
        Path(
            max_length=50,
            description="A collection or table of [the list](/v1/export)",
            examples=["program"],
        ),
    ],
) -> Response:
    named = collection.replace("-", "_")
    if named not in schemas():
        raise NotFoundError("collection", collection, known=list(schemas()))
    content = canonical(schemas()[named]).encode()
    return tagged_response(request, content, "application/schema+json", {})


@router.get(
    "/{collection}.ndjson",
    summary="Take a whole collection away, or the catalogue: one record a line",
    description="Gives one whole collection as a file, such as the work settings, for "
    "those who keep a copy.\n\n"
    "`catalogue` is all of them, some 100,000 lines.",
    response_class=Response,
    responses=download_response(NDJSON, "By collection and key"),
    dependencies=[NO_PARAMETERS],
)
async def export_collection(
    request: Request,
    collection: Annotated[
        Text,
        Path(
            max_length=50,
            description="Collection or table of [the list](/v1/export), or `catalogue` for all "
            "collections",
            examples=["work_setting"],
        ),
    ],
) -> Response:
    return await _send_known(request, collection, ".ndjson")


async def _send_known(request: Request, collection: str, ending: str) -> Response:
    names = [name.removesuffix(ending) for name in files() if name.endswith(ending)]
    named = collection.replace("-", "_")
    if named not in names:
        raise NotFoundError("collection", collection, known=names)
    return await send_collection(request, f"{named}{ending}")


@router.get(
    "/{file}.sha256",
    summary="Prove a whole collection: the SHA-256 of its file",
    description="Tells whether a downloaded file is whole and unchanged, for those who keep a "
    "copy.\n\n"
    "The hash is that of the file without filters and unpacked, as `sha256sum --check` reads it.",
    response_class=Response,
    responses=download_response("text/plain", "The hash and the name of the file"),
    dependencies=[NO_PARAMETERS],
)
async def get_export_hash(
    request: Request,
    file: Annotated[
        Text,
        Path(
            max_length=60,
            description="Name of a file that is served here",
            examples=["programs.csv"],
        ),
    ],
) -> Response:
    if file not in files():
        raise NotFoundError("file", file, known=list(files()))
    return await send_hash(request, file)
