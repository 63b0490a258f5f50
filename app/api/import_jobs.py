"""Imports as jobs: upload files, try them, run them, watch and cancel."""

import hashlib
import re
from typing import Annotated

from anyio import open_file
from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Request
from starlette.exceptions import HTTPException

from app.domain.keys import Actor, Scope
from app.errors import Fault, ImportFileError, InvalidRequestError
from app.http.auth import require
from app.http.dependencies import NO_PARAMETERS
from app.importers.import_jobs import Spool, take_file
from app.schemas.import_jobs import JobList, JobRead, RunRequest
from app.schemas.pages import Text
from app.settings import get_settings

router = APIRouter(prefix="/admin/imports", tags=["Keep it true"], dependencies=[NO_PARAMETERS])

Importing = Annotated[Actor, require(Scope.IMPORT)]
Number = Annotated[Text, Path(max_length=32, description="Job", examples=["0a1b2c3d4e5f"])]

FILE_NAME = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._ ()-]{0,120}\.(csv|txt|tsv|tab|xlsx|zip|json)(\.gz)?"
)


def spool() -> Spool:
    """Return the spool folder of this machine."""
    return Spool(get_settings().spool_dir)


@router.post(
    "",
    summary="Open an import job that takes files",
    description="Opens an import, which then takes the public files one by one.",
    status_code=201,
)
def open_job(actor: Importing) -> JobRead:
    return spool().open_job(actor.name)


@router.get(
    "",
    summary="List import jobs of this machine, the newest first",
    description="Lists the imports of public files that were opened, the newest first.",
)
def list_jobs(_actor: Importing) -> JobList:
    return JobList(items=spool().list_jobs())


@router.get(
    "/{job}",
    summary="Show one import job: progress, per-row errors, report",
    description="Tells how far an import has come, and which rows were refused for what reason.",
)
def get_job(job: Number, _actor: Importing) -> JobRead:
    return spool().find(job)


@router.put(
    "/{job}/files/{name}",
    summary="Upload one public file, plain or packed, under its official name",
    description="Hands one public file to an import, under the name it was published with.",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
async def upload_file(
    request: Request,
    job: Number,
    name: Annotated[
        Text, Path(max_length=130, description="File name", examples=["hd2024.csv.gz"])
    ],
    _actor: Importing,
) -> JobRead:
    settings = get_settings()
    found = await run_sync(spool().find, job)
    if not FILE_NAME.fullmatch(name):
        words = (
            f"{name!r} is no file name of a public file "
            "(.csv, .txt, .tsv, .json, .xlsx or .zip, plain or .gz)."
        )
        raise InvalidRequestError([Fault(words, parameter="name", value=name)])
    path = spool().upload_path(found, name)
    part = path.with_suffix(f"{path.suffix}.part")
    digest, size = hashlib.sha256(), 0
    try:
        async with await open_file(part, "wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > settings.max_upload_bytes:
                    limit = settings.max_upload_bytes
                    raise HTTPException(413, f"The upload is larger than {limit} bytes.")
                digest.update(chunk)
                await file.write(chunk)
        part.replace(path)
        uploaded = await run_sync(
            lambda: take_file(
                path,
                digest.hexdigest(),
                size,
                max_plain_bytes=settings.max_upload_plain_bytes,
                max_lines=settings.max_upload_rows,
            )
        )
    except ImportFileError as error:
        path.unlink(missing_ok=True)
        faults = [Fault(words, parameter="name", value=name) for words in error.complaints]
        raise InvalidRequestError(faults) from error
    finally:
        part.unlink(missing_ok=True)
    found.files = [file for file in found.files if file.name != name] + [uploaded]
    await run_sync(spool().write, found)
    return found


@router.post(
    "/{job}/run",
    summary="Try an import out, or run it",
    description="Tries an import out, or runs it for good.",
    status_code=202,
)
def run_job(request: Request, job: Number, body: RunRequest, _actor: Importing) -> JobRead:
    return spool().start(spool().find(job), body, request.app.state.engine)


@router.post(
    "/{job}/cancel",
    summary="End a running import; nothing of it is kept",
    description="Ends an import that is running; nothing of it is kept.",
)
def cancel_job(job: Number, _actor: Importing) -> JobRead:
    found = spool().find(job)
    spool().cancel(found)
    return spool().find(job)
