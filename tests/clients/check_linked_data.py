"""Check linked data of a server with SHACL and RDF; prints what is wrong, as JSON."""

import json
import sys
import urllib.request
from pathlib import Path

from pyshacl import validate
from rdflib import Graph, URIRef

SHAPES = Path(__file__).with_name("registry.ttl")
ASKED = ("programs.jsonld?state=VT&state=SD", "institutions.jsonld?state=VT", "credentials.jsonld")
ODD = set(' <>"{}|\\^`')

faults, odd = [], set()
for path in ASKED:
    with urllib.request.urlopen(f"{sys.argv[1]}/v1/export/{path}") as answer:
        graph = Graph().parse(data=answer.read(), format="json-ld")
    conforms, _, text = validate(graph, shacl_graph=Graph().parse(SHAPES))
    if not conforms:
        faults.append(text)
    nodes = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    odd |= {str(node) for node in nodes if ODD & set(str(node))}
print(json.dumps({"faults": faults, "odd_addresses": sorted(odd)}))
