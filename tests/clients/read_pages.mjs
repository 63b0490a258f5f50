// Reads pages as other sites do: their cards by oEmbed, printed as JSON; their linked data, written
// to linked_data.ts as constants of the types that schema.org has for them.
import { writeFileSync } from "node:fs";
import { extract } from "@extractus/oembed-extractor";

const [server] = process.argv.slice(2);
const PROGRAM = "/programs/owens-community-college-510707-associate";
const PAGES = {
  EducationalOccupationalProgram: PROGRAM,
  EducationalOccupationalCredential: "/credentials/RHIT",
  CollegeOrUniversity: "/institutions/204945",
  Dataset: "/data",
};

const lines = [`import type { WithContext, ${Object.keys(PAGES).join(", ")} } from "schema-dts";`];
for (const [kind, path] of Object.entries(PAGES)) {
  const page = await (await fetch(server + path, { headers: { accept: "text/html" } })).text();
  const [, text] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page);
  lines.push(`export const a${kind}: WithContext<${kind}> = ${JSON.stringify(JSON.parse(text))};`);
}
writeFileSync("linked_data.ts", lines.join("\n"));

const addresses = ["/embed/credential/RHIT", PROGRAM, "/credentials/rhit?utm_source=news"];
const cards = await Promise.all(addresses.map((path) => extract(server + path, { maxwidth: 500 })));
console.log(JSON.stringify(cards.map(({ type, width, height }) => ({ type, width, height }))));
