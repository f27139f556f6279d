import { createHash } from "node:crypto";
import { escaped } from "./escape";
import { patterns } from "./legend";
import { script } from "./script";
import { style } from "./style";

/** What a page is made of. */
export interface Page {
  readonly title: string;
  /** Where the first key leads, past all that stands above. */
  readonly skip: string;
  /** Of when it is, and of what. */
  readonly meta: string;
  /** The parts of each stack that a reader of a long page goes to at once. */
  readonly navigation: readonly {
    readonly name: string;
    readonly links: readonly { readonly id: string; readonly title: string }[];
  }[];
  /** The filters of the rows: the flag that a row bears, and its name. */
  readonly filters: readonly (readonly [flag: string, name: string])[];
  /** Markup; its texts are escaped. */
  readonly main: string;
  readonly foot: string;
}

/**
 * A page that needs nothing else: no network, no cookie, no storage. Its policy allows just its own style and script, by their
 * hashes, so that nothing which slipped into a text could run or load.
 */
export function page({ title, skip, meta, navigation, filters, main, foot }: Page): string {
  const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  const boxes = filters.map(([flag, name]) => `<label><input type="checkbox" value="${flag}"> ${name}</label>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">${skip}</a>
${patterns}
<header><h1>${escaped(title)}</h1><p class="meta">${escaped(meta)}</p>${navigationOf(navigation)}</header>
<main id="main">
<div class="controls" role="search" hidden>
<label>Search <input id="search" type="search" autocomplete="off" aria-keyshortcuts="/" placeholder="account, project, vault…  ( / )"></label>
${boxes.join("\n")}
<span id="count" role="status"></span>
</div>
${main}
</main>
<footer>${foot}</footer>
<script>${script}</script>
</body>
</html>
`;
}

function navigationOf(stacks: Page["navigation"]): string {
  const items = stacks.map(({ name, links }) => {
    const anchors = links.map(({ id, title }) => `<a href="#${id}">${escaped(title)}</a>`).join(" ");
    return `<li>${stacks.length > 1 ? `${escaped(name)}: ` : ""}${anchors}</li>`;
  });
  return `<nav aria-label="Parts of the page"><ul>${items.join("")}</ul></nav>`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
