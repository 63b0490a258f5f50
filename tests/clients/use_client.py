"""What an integrator writes against the Python client made from the OpenAPI file."""

import json
import sys

from hit_compare_client import Client
from hit_compare_client.api.find_a_program import get_program, list_programs
from hit_compare_client.api.score_it import score_answers
from hit_compare_client.models import (
    AwardLevelFilter,
    ChecklistRead,
    ChecklistRequest,
    ChecklistRequestAnswers,
    Problem,
    ProgramItem,
    ProgramPage,
    ProgramRead,
    StateCode,
)
from hit_compare_client.types import Unset


def main(address: str) -> None:
    with Client(address, raise_on_unexpected_status=True) as client:
        page = list_programs.sync(
            client=client,
            state=[StateCode.OH],
            award_level=[AwardLevelFilter.ASSOCIATE],
            cip_code=["51.0707"],
            limit=3,
        )
        assert isinstance(page, ProgramPage)
        slugs = [item.slug for item in page.items if isinstance(item, ProgramItem)]

        program = get_program.sync(slugs[0], client=client)
        assert isinstance(program, ProgramRead)
        bases = [cost.evidence.basis for cost in program.costs]

        answers = ChecklistRequestAnswers.from_dict({"tuition": "met", "refund_policy": "not_met"})
        request = ChecklistRequest(award_level=AwardLevelFilter.ASSOCIATE, answers=answers)
        checklist = score_answers.sync(client=client, body=request)
        assert isinstance(checklist, ChecklistRead)

        refused = list_programs.sync(client=client, limit=1000)
        assert isinstance(refused, Problem)
        assert not isinstance(refused.errors, Unset)

    seen = {
        "total": page.total,
        "slugs": slugs,
        "school": program.institution.name,
        "basis": bases[0],
        "low": checklist.score.low,
        "questions": len(checklist.questions),
        "refused": [refused.status, refused.type_, refused.errors[0].parameter],
    }
    print(json.dumps(seen))


main(sys.argv[1])
