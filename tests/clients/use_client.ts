// What an integrator writes against the TypeScript types made from the OpenAPI file.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./hit-compare.js";

declare const process: { argv: string[] };

type Search = NonNullable<operations["list_programs"]["parameters"]["query"]>;
type Problem = components["schemas"]["Problem"];
type ChecklistRequest = components["schemas"]["ChecklistRequest"];

function answered<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? "no answer");
  return answer.data;
}

// some addresses have more than one representation: this client reads JSON
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.argv[2],
});

const search: Search = {
  state: ["OH"],
  award_level: ["associate"],
  cip_code: ["51.0707"],
  limit: 3,
};
const page = answered(await client.GET("/v1/programs", { params: { query: search } }));
const slugs = page.items.map((item) => item.slug);
const least: number[] = page.items.map((item) => item.score.low); // no "?": it is always sent

const program = answered(
  await client.GET("/v1/programs/{slug}", {
    params: { path: { slug: slugs[0] ?? "" } },
  }),
);
const bases = program.costs.map((cost) => cost.evidence.basis);

const request: ChecklistRequest = {
  award_level: "associate",
  answers: { tuition: "met", refund_policy: "not_met" },
};
const checklist = answered(await client.POST("/v1/checklists", { body: request }));

const refused = await client.GET("/v1/programs", { params: { query: { limit: 1000 } } });
const problem: Problem | undefined = refused.error;

// @ts-expect-error a state that is none does not compile
const misspelt: Search = { state: ["Ohio"] };

console.log(
  JSON.stringify({
    total: page.total,
    slugs,
    school: program.institution.name,
    basis: bases[0],
    low: checklist.score.low,
    questions: checklist.questions.length,
    refused: [problem?.status, problem?.type, problem?.errors?.[0]?.parameter],
    misspelt: misspelt.state?.length,
  }),
);
