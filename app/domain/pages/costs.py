"""What a page states of prices, and of getting money back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from app.domain.claims import CostClaim
from app.domain.pages.about import Reader, levels_named
from app.domain.pages.page import (
    Block,
    Sentence,
    Stated,
    figures_in,
    is_unnamed,
    sentences_of,
    stated,
)
from app.domain.pages.patterns import Key, choices, first, nearest, pattern, trust
from app.domain.vocabulary import CostComponent, CostUnit, Level, Residency

_COMPONENTS = choices("costs.components", CostComponent)
"""What a price pays for; of two that are named the first of the list."""

_UNITS = choices("costs.units", CostUnit)
_RESIDENCIES = choices("costs.residencies", Residency)
_MONEY, _YEAR, _NO_PRICE, _INCLUDES, _REFUND, _REFUND_RULE, _WHOLE = (
    pattern("costs", name)
    for name in ("money", "year", "no_price", "includes", "refund", "refund_rule", "whole")
)


_SEASON = pattern("costs", "season")
_PART = pattern("costs", "part")
_LIVING = pattern("costs", "living")
_SEVERAL_PARTS = pattern("costs", "several")
_OPTIONAL = pattern("costs", "optional")
_BOUND = pattern("costs", "bound")
_BY_CREDIT = pattern("costs", "by_credit")
_UNITS_OF_TUITION = {CostUnit.CREDIT, CostUnit.CONTACT_HOUR, CostUnit.CLOCK_HOUR}
"""What only tuition is asked for by the residence of a student."""

_SEVERAL = {CostComponent.FEES, CostComponent.TECHNOLOGY, CostComponent.BOOKS}
"""What several prices of a page can be for, each under its own label."""

_BY_RESIDENCY = {CostComponent.TUITION, CostComponent.TUITION_AND_FEES, CostComponent.TOTAL}
"""What costs more for those who come from elsewhere."""

_WORD = re.compile(r"[^\W\d_]{4}")

MOST_WORDS_OF_NOTE = 12
"""Words of a sentence that tells what the prices of the table below are for."""

MOST_WORDS_OF_LINE = 6
"""Words of a line that answers "Cost"; a sentence under it can speak of any price."""


def costs_in(reader: Reader) -> Iterator[Stated]:
    """Yield the prices of a page, of each kind those of its newest year, and where refunds stand.

    One that does not say for whom it is, beside others of its kind that do, is left out: it is for
    the others, in words that are not known. So are two for the same that differ: what tells them
    apart is not known; and prices of the school where the program has its own.
    """
    found = list(_all_in(reader))
    prices = [(one, claim) for one in found if isinstance(claim := one.claim, CostClaim)]
    newest: dict[_Kind, str] = {}
    by_residency: set[_Kind] = set()
    own: set[tuple[CostComponent, CostUnit | None]] = set()
    amounts: dict[tuple[object, ...], set[tuple[int | None, int | None]]] = defaultdict(set)
    for _, claim in prices:
        newest[_kind_of(claim)] = max(newest.get(_kind_of(claim), ""), claim.as_of or "")
        if claim.level == Level.PROGRAM:
            own.add(_kind_of(claim)[:2])
        if claim.residency:
            by_residency.add(_kind_of(claim))
        amounts[_price_of(claim)].add((claim.amount_low_cents, claim.amount_high_cents))
    for one, claim in prices:
        if not claim.amount_high_cents and claim.component is not CostComponent.REFUND_POLICY:
            continue  # what is not charged
        is_old = bool(claim.as_of) and claim.as_of != newest[_kind_of(claim)]
        is_for_others = (
            claim.component in _BY_RESIDENCY
            and claim.residency is None
            and _kind_of(claim) in by_residency
        )
        is_of_others = claim.level != Level.PROGRAM and _kind_of(claim)[:2] in own
        is_told_twice = len(amounts[_price_of(claim)]) > 1
        if not (is_old or is_for_others or is_of_others or is_told_twice):
            yield one


_Kind = tuple[CostComponent, CostUnit | None, bool]
"""What a price pays for, of what it is, and whether it is the program's own."""


def _price_of(claim: CostClaim) -> tuple[object, ...]:
    """Return what two prices of a page that differ cannot share."""
    return (
        *_kind_of(claim),
        claim.residency,
        claim.as_of,
        claim.component in _SEVERAL and claim.label,
    )


def _kind_of(claim: CostClaim) -> _Kind:
    """Return what prices for different years and residents share."""
    unit = CostUnit(claim.unit) if claim.unit else None
    return CostComponent(claim.component), unit, claim.level == Level.PROGRAM


def _all_in(reader: Reader) -> Iterator[Stated]:
    """Yield the prices of a page: from rows of its tables and from sentences, with their units.

    A price on a page for all students is proposed as the school's; one that stands under another
    field is left out.
    """
    page_year = _academic_year(" ".join(reader.page.heads(3)))
    is_for_all = is_on_prices(reader)
    years = _years_of_sections(reader.page.blocks)
    told: tuple[tuple[str, ...], str | None] = ((), page_year)
    said: tuple[tuple[str, ...], CostUnit | None, Residency | None] = ((), None, None)
    for (is_table, *_), run in groupby(reader.page.blocks, key=_table_of):
        blocks = list(run)
        rows = _rows_to_read(blocks) if is_table else blocks
        of_programs = any(reader.names_field(block.cells[0][1]) for block in rows if is_table)
        of_awards = any(_names_own_award(reader, block) for block in rows if is_table)
        is_noted = is_table and said[0] == blocks[0].heads
        unit = said[1] if is_noted else None
        unit = unit or (_unit_of_table(reader, blocks) if is_table else None)
        has_living = any(_LIVING.search(block.cells[0][1]) for block in blocks if is_table)
        for block in rows:
            if not _MONEY.search(block.text) and (found := _year_said(block.text)):
                told = (block.headings, found)
            year = told[1] if block.headings[: len(told[0])] == told[0] else page_year
            year = years.get(block.headings, year)
            if is_table and of_programs and not reader.names_field(block.cells[0][1]):
                continue  # the row of another program
            if not is_table:
                if not _MONEY.search(block.text):
                    said = (block.headings, *_said_over(block))
            elif of_awards and not _names_own_award(reader, block) and _tells_no_price(block):
                continue  # the row of other students
            if is_table:
                yield from _from_row(
                    reader,
                    block,
                    year,
                    unit,
                    said[2] if is_noted else None,
                    is_for_all=is_for_all,
                    has_living=has_living,
                )
            else:
                for sentence in _sentences(reader, block, is_for_all=is_for_all):
                    yield from _from_sentence(reader, sentence, year)
            yield from _refund(reader, block)


def _table_of(block: Block) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
    """Return whether a block is a row, under which headings, and under which columns."""
    if not block.cells:
        return False, (), ()
    return True, block.heads, tuple(column for column, _ in block.cells)


def _names_own_award(reader: Reader, row: Block) -> bool:
    """Return whether the label of a row names the award of the program."""
    return reader.subject.award_level in levels_named(row.cells[0][1])


def _tells_no_price(row: Block) -> bool:
    """Return whether the label of a row says neither what a price is for nor for whom it is."""
    label = row.cells[0][1]
    return not any(first(found, label) for found in (_COMPONENTS, _UNITS, _RESIDENCIES))


def _said_over(block: Block) -> tuple[CostUnit | None, Residency | None]:
    """Return what a short sentence over a table says its prices are for, and for whom.

    As "Rates are per credit, for residents".
    """
    if len(block.text.split()) > MOST_WORDS_OF_NOTE:
        return None, None
    return first(_UNITS, block.text), first(_RESIDENCIES, block.text)


def _rows_to_read(rows: list[Block]) -> list[Block]:
    """Return the rows of a table that have prices of a whole.

    Where rows are terms, years or courses of a program, that is the one they add up to. The total
    of a table with costs of living is none of the program.
    """
    labels = [row.cells[0][1] for row in rows]
    if any(_PART.search(label) and not _WHOLE.search(label) for label in labels):
        return [row for row in rows if _WHOLE.search(row.cells[0][1]) and _is_sum_of(row, rows)]
    if any(_LIVING.search(label) for label in labels):
        return [row for row in rows if not _WHOLE.search(row.cells[0][1])]
    return rows


def _is_sum_of(total: Block, rows: list[Block]) -> bool:
    """Return whether each figure of a row is the sum of those above it."""
    columns = zip(*(_amounts(row) for row in rows if row is not total), strict=False)
    sums = [sum(column) for column in columns]
    return bool(sums) and any(sums) and sums == _amounts(total)[: len(sums)]


def _amounts(row: Block) -> list[int]:
    """Return the prices of a row, one a column, 0 where a cell has none or several."""
    found = [list(_MONEY.finditer(cell)) for _, cell in row.cells[1:]]
    return [_cents(one[0]["low"], one[0]["cents"]) if len(one) == 1 else 0 for one in found]


def _unit_of_table(reader: Reader, rows: list[Block]) -> CostUnit | None:
    """Return what the prices of a table are for where nothing else says it.

    Rows of a table on the program that add up to a total, none of which is for another unit, are
    parts of the price of the program; so are the cells of its row that do.
    """
    labels = [row.cells[0][1] for row in rows]
    if any(map(_LIVING.search, labels)):
        return None
    units = {first(_UNITS, _without_asides(label, "aside_price")) for label in labels}
    is_own = any(reader.speaks_of_it(Sentence(row.text, row)) for row in rows)
    is_whole = any(map(_WHOLE.search, labels)) and units <= {None, CostUnit.PROGRAM}
    return CostUnit.PROGRAM if is_own and is_whole else None


def _whole_of(row: Block) -> int | None:
    """Return the number of the cell that the others of a row add up to, None where none does."""
    amounts = _amounts(row)
    most = max(amounts, default=0)
    is_sum = sum(1 for amount in amounts if amount) > 2 and 2 * most == sum(amounts)
    return amounts.index(most) + 1 if is_sum else None


def _years_of_sections(blocks: Iterable[Block]) -> dict[tuple[str, ...], str]:
    """Return headings -> the one academic year that what stands under them names."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for block in blocks:
        for text in block.text.split(". "):
            if (year := _year_said(text)) and "%" not in text:
                found[block.headings].add(year)
    return {heads: years.pop() for heads, years in found.items() if len(years) == 1}


def _without_asides(label: str, of: str = "aside") -> str:
    return pattern("costs", of).sub("", label)


def _sentences(reader: Reader, block: Block, *, is_for_all: bool) -> Iterator[Sentence]:
    """Yield sentences on the program, or on all students where the page is on prices."""
    for sentence in sentences_of(block):
        text = " ".join((sentence.text, *block.headings))
        if reader.speaks_of_it(sentence) or (
            is_for_all
            and not reader.lexicon.other.search(text)
            and not reader.names_other_field(text)
            and not reader.subject.names_other_award(text)
        ):
            yield sentence


def is_on_prices(reader: Reader) -> bool:
    """Return whether a page is a school's page of prices."""
    return bool(pattern("costs", "page").search(" ".join(reader.page.heads(2))))


def _academic_year(text: str) -> str | None:
    match = _YEAR.search(text)
    if match is None or int(match["end"][-2:]) != (int(match["first"]) + 1) % 100:
        return None
    return f"{match['first']}-{match['end'][-2:]}"


def _year_said(text: str) -> str | None:
    """Return the academic year that a text on prices names: one on admission dates none."""
    return _academic_year(text) if pattern("costs", "year_of_prices").search(text) else None


def _from_row(
    reader: Reader,
    block: Block,
    year: str | None,
    of_table: CostUnit | None,
    for_whom: Residency | None,
    *,
    is_for_all: bool,
    has_living: bool,
) -> Iterator[Stated]:
    """Yield the prices of a row.

    ``of_table`` is what they are for, and ``for_whom`` for whom, where nothing else says it.
    "All students" over a table with costs of living are those of any household, not residence.
    """
    corner, name = block.cells[0]
    head = " ".join(block.headings)
    sentence = Sentence(block.text, block)
    if not (reader.speaks_of_it(sentence) or is_for_all):
        return
    if reader.lexicon.other.search(block.text) or reader.names_other_field(name):
        return
    if any(_is_of_other_award(reader, label) for label in (name, *block.heads)):
        return
    if (
        _OPTIONAL.search(name)
        or is_unnamed(block, _MONEY)
        or pattern("costs", "of_courses").fullmatch(corner)
    ):
        return
    if pattern("costs", "exam_row").search(name) or _SEVERAL_PARTS.search(name):
        return
    over = first(_RESIDENCIES, head)
    over = for_whom if over is None or (over is Residency.ANY and has_living) else over
    is_by_student = bool(pattern("costs", "by_student").search(corner))
    has_terms = any(_SEASON.search(column) for column, _ in block.cells)
    kinds = {kind for column, _ in block.cells[1:] if (kind := first(_COMPONENTS, column))}
    whole = _whole_of(block)
    if whole and len(kinds) > 1 and reader.names_field(name):
        of_table = of_table or CostUnit.PROGRAM
    for number, (column, cell) in enumerate(block.cells[1:], 1):
        if _is_load(column) or (has_terms and "total" in column.lower()):
            continue  # of a part of the program; of its terms the total is that of a year
        if _MONEY.search(column):
            continue  # a price that stands over another names no column
        if whole and len(kinds) < 2 and number != whole:
            continue  # of a part
        if _is_of_other_award(reader, column) or reader.lexicon.other.search(column):
            continue
        is_total = first(_COMPONENTS, column) is CostComponent.TOTAL
        done = 0
        for money in _MONEY.finditer(cell):
            before, done = cell[done : money.start()], money.end()
            near = f"{_without_asides(name)} {column} {corner}"
            component = (
                (first(_COMPONENTS, column) if _WHOLE.search(name) and len(kinds) > 1 else None)
                or (None if reader.names_field(name) else first(_COMPONENTS, _without_asides(name)))
                or _component_of_column(reader, column, name)
                or first(_COMPONENTS, cell)
                or (_topic_of(block) if _tells_no_component(column) and not is_total else None)
            )
            unit = (
                first(_UNITS, cell)
                or first(_UNITS, f"{_without_asides(name, 'aside_price')} {column} {corner}")
                or first(_UNITS, head)
                or of_table
            )
            if component is None and unit is CostUnit.CREDIT:
                component = CostComponent.TUITION
            residency = (
                first(_RESIDENCIES, before)
                or (first(_RESIDENCIES, cell) if len(_MONEY.findall(cell)) == 1 else None)
                or first(_RESIDENCIES, column)
                or first(_RESIDENCIES, name)
                or over
            )
            is_sum = component is CostComponent.TOTAL and unit not in {None, CostUnit.PROGRAM}
            is_abroad = residency is None and pattern("costs", "abroad").search(f"{name} {column}")
            is_unknown = is_abroad or (is_by_student and residency is None)
            is_of_term = (
                number != whole and unit not in _UNITS_OF_TUITION and _SEASON.search(column)
            )
            if component is None or is_sum or is_unknown or is_of_term:
                continue
            if _NO_PRICE.search(near) or _BOUND.search(before):
                continue
            yield _propose(
                reader,
                sentence,
                money,
                component=component,
                unit=unit or (CostUnit.PROGRAM if component is CostComponent.TOTAL else None),
                residency=residency,
                year=_academic_year(column) or _academic_year(corner) or _year_over(block) or year,
                label=name,
                contains=_inside(name),
                confidence=trust("cost.row" if unit else "cost.row_without_unit"),
            )


def _is_of_other_award(reader: Reader, label: str) -> bool:
    """Return whether a label of prices, as "Graduate" alone, is of other awards than the own."""
    level = reader.subject.award_level
    if level is None:
        return False
    is_above = level in levels_named("graduate degree")
    return reader.subject.names_other_award(label) or bool(
        pattern("costs", "undergraduate" if is_above else "graduate").search(label)
    )


def _innermost(found: tuple[tuple[Key, re.Pattern[str]], ...], block: Block) -> Key | None:
    """Return what the innermost heading that tells anything tells."""
    return next((key for head in reversed(block.headings) if (key := first(found, head))), None)


def _year_over(block: Block) -> str | None:
    return next((year for h in reversed(block.headings) if (year := _academic_year(h))), None)


def _is_load(column: str) -> bool:
    """Return whether a column has prices of a load of study, whatever its heading says."""
    return bool(pattern("costs", "load").search(column)) and first(_UNITS, column) is None


def _component_of_column(reader: Reader, column: str, name: str) -> CostComponent | None:
    """Return what a column has prices of; "Cost" tells of the whole only in the program's row."""
    found = first(_COMPONENTS, column)
    is_of_item = bool(name) and not reader.names_field(name)
    return None if found is CostComponent.TOTAL and is_of_item else found


def _tells_no_component(column: str) -> bool:
    """Return whether the heading of a column names no part of the price: "Other" names one."""
    return not column or bool(
        first(_UNITS, column)
        or first(_RESIDENCIES, column)
        or _academic_year(column)
        or pattern("costs", "amount").search(column)
    )


def _topic_of(block: Block) -> CostComponent | None:
    """Return what the heading of a table has prices of; one on tuition and fees lists either."""
    told = block.headings[-1:] or ("",)
    if first(_COMPONENTS, told[0]) is None and _tells_no_component(told[0]):
        told = block.headings[-2:-1] or ("",)  # over a heading that tells a year, or for whom
    found = first(_COMPONENTS, told[0])
    return CostComponent.TUITION if found is CostComponent.TUITION_AND_FEES else found


def _from_sentence(reader: Reader, sentence: Sentence, year: str | None) -> Iterator[Stated]:
    """Yield the prices of a sentence, each by the words around it up to those of the next.

    What one price says before others ("Tuition: $98 a credit in-state; out-of-state $196") holds
    for them until they say otherwise.
    """
    text = sentence.labelled if sentence.block.cells else sentence.text
    if pattern("costs", "not_charged").search(text):
        return
    last: CostComponent | None = None
    last_unit: CostUnit | None = None
    has_parts = False
    for before, money, after in figures_in(text, _MONEY):
        near = f"{before} {after}"
        said, residency = _component_in(before, after), _residency_in(before, after)
        is_more = said is None and (residency is not None or not _WORD.search(before))
        own = _unit_in(before, after) or (last_unit if is_more or has_parts else None)
        component, unit = said or (last if is_more else None), own
        if component is not None:
            last, last_unit = component, unit
        has_parts = has_parts or (component is CostComponent.TOTAL and "(" in text)
        if reader.subject.names_other_award(before) or _SEVERAL_PARTS.search(before):
            continue
        if (
            _NO_PRICE.search(near)
            or _BOUND.search(before)
            or pattern("costs", "of_exam").match(after)
        ):
            continue
        if component is CostComponent.TOTAL and unit is None:
            unit = last_unit = CostUnit.PROGRAM
        residency = residency or _innermost(_RESIDENCIES, sentence.block)
        what = component or _component_over(sentence.block, unit)
        is_by_credit = unit is CostUnit.CREDIT and _BY_CREDIT.search(near)
        if what is None and (is_by_credit or (residency and unit in _UNITS_OF_TUITION)):
            what, last, last_unit = CostComponent.TUITION, CostComponent.TUITION, unit
        if what is CostComponent.TOTAL and unit is CostUnit.CREDIT:
            what = CostComponent.TUITION
        if what is None or (what is CostComponent.TOTAL and unit is not CostUnit.PROGRAM):
            continue
        of_what = unit or first(_UNITS, sentence.label) or _innermost(_UNITS, sentence.block)
        yield _propose(
            reader,
            sentence,
            money,
            component=what,
            unit=of_what,
            residency=residency,
            year=_academic_year(text) or _year_over(sentence.block) or year,
            label=None,
            contains=_inside(after),
            confidence=trust("cost.sentence" if of_what else "cost.sentence_without_unit"),
        )


def _component_in(before: str, after: str) -> CostComponent | None:
    """Return what a price pays for; "$250 technology fee" names it after, else it stands before."""
    named_after = pattern("costs", "component_after").match(after)
    return (
        (first(_COMPONENTS, named_after[0]) if named_after else None)
        or _last_component(_without_asides(before))
        or nearest(_COMPONENTS, _INCLUDES.sub(" ", after))
    )


def _last_component(text: str) -> CostComponent | None:
    """Return the component named last in a text; a "technology fee" is for technology."""
    ends = {
        key: max(found.end() for found in one.finditer(text))
        for key, one in _COMPONENTS
        if one.search(text)
    }
    named = max(ends.values(), default=0)
    last = next((key for key, end in ends.items() if end >= named - len(" fees")), None)
    if last is CostComponent.TOTAL and pattern("costs", "total_after").search(text):
        return first(_COMPONENTS, pattern("costs", "total_after").sub(" ", text)) or last
    return last


def _residency_in(before: str, after: str) -> Residency | None:
    """Return for whom a price is; "no out-of-state surcharge" tells of nobody."""
    before, after = (pattern("costs", "no_residency").sub(" ", one) for one in (before, after))
    return first(_RESIDENCIES, before) or nearest(_RESIDENCIES, after)


def _unit_in(before: str, after: str) -> CostUnit | None:
    return first(_UNITS, after) or first(_UNITS, before)


def _component_over(block: Block, unit: CostUnit | None) -> CostComponent | None:
    """Return what the headings of a price say; one on tuition and fees lists either."""
    found = _innermost(_COMPONENTS, block)
    if found is CostComponent.TUITION_AND_FEES:
        return CostComponent.TUITION if unit is CostUnit.CREDIT else None
    is_line = len(block.text.split()) <= MOST_WORDS_OF_LINE
    return found if is_line else None


def _inside(text: str) -> list[str]:
    found = _INCLUDES.search(text)
    if not found:
        return []
    names = (
        CostComponent.TUITION,
        CostComponent.FEES,
        CostComponent.BOOKS,
        CostComponent.TECHNOLOGY,
    )
    patterns = dict(_COMPONENTS)
    return [str(name) for name in names if patterns[name].search(found["what"])]


def _propose(
    reader: Reader,
    sentence: Sentence,
    money: re.Match[str],
    *,
    component: CostComponent,
    unit: CostUnit | None,
    residency: Residency | None,
    year: str | None,
    label: str | None,
    contains: list[str],
    confidence: float,
) -> Stated:
    low = _cents(money["low"], money["cents"])
    high = _cents(money["high"], money["high_cents"]) if money["high"] else low
    is_own = reader.speaks_of_it(sentence)
    return stated(
        CostClaim,
        f"cost.{component}",
        confidence,
        sentence.text,
        sentence.block.headings,
        level=Level.PROGRAM if is_own else Level.INSTITUTION,
        as_of=year,
        component=component,
        amount_low_cents=min(low, high),
        amount_high_cents=max(low, high),
        unit=unit,
        residency=residency,
        label=label,
        contains=[name for name in contains if name != component],
        is_institution_wide=not is_own,
    )


def _cents(whole: str, cents: str | None) -> int:
    return int(whole.replace(",", "")) * 100 + int((cents or ".00")[1:])


def _refund(reader: Reader, block: Block) -> Iterator[Stated]:
    """Yield where the rule of refunds stands: a link to it, or the rule itself."""
    for words, url in block.links:
        if _REFUND.search(words):
            yield _refund_at(url, words, block, trust("cost.refund_link"))
            return
    is_headed = any(map(_REFUND.search, block.headings[-1:]))
    for sentence in sentences_of(block):
        is_on_it = is_headed or _REFUND.search(sentence.text)
        if is_on_it and _REFUND_RULE.search(sentence.text):
            if "tax" in sentence.text.lower():
                continue
            yield _refund_at(None, sentence.text, block, trust("cost.refund_sentence"))
            return


def _refund_at(url: str | None, text: str, block: Block, confidence: float) -> Stated:
    return stated(
        CostClaim,
        "cost.refund_policy",
        confidence,
        text,
        block.headings,
        level=Level.INSTITUTION,
        source_url=url,
        component=CostComponent.REFUND_POLICY,
    )
