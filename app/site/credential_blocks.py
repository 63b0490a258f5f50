"""A credential in words, and as a piece of HTML, that other sites copy into pages of their own."""

from app.schemas.credentials import CredentialRead
from app.schemas.embeds import BlockFactRead, BlockRead, SayerRead
from app.site import words
from app.site.cards import still_counts
from app.site.languages import language
from app.site.pages.visits import credential_path, to_address
from app.site.writing import Sources, Writer


def credential_block(
    lang: str, base: str, sources: Sources, credential: CredentialRead
) -> BlockRead:
    """Return what is known of a credential and still counts, in words of a language.

    ``base`` is the address of the service.
    """
    writer = Writer(language(lang), sources)
    return BlockRead(
        code=credential.code,
        name=credential.name,
        lang=lang,
        status=writer.word(words.CREDENTIAL_STATUSES, credential.status).text,
        issuer=credential.issuer_name,
        issuer_page=credential.page_url,
        summary=writer.told(credential.summary).text,
        facts=[
            BlockFactRead(
                label=fact.label,
                value=fact.value.text,
                said_by=[
                    SayerRead(who=one.sayer, source=one.name.text, url=one.url, as_of=one.as_of)
                    for one in fact.said
                ],
            )
            for fact in writer.credential_facts(credential)
            if still_counts(fact)
        ],
        page=base + to_address(credential_path(credential.code), [("lang", lang)]),
        release=credential.release,
        as_of=credential.as_of,
        sources=credential.sources,
    )


def block_page(block: BlockRead) -> str:
    """Return a block as HTML without script or style, whose addresses are whole."""
    template = language(block.lang).templates.get_template("embed_block.html")
    return template.render(block=block)
