import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium as launcher } from "playwright-core";
import { fleet } from "../../../reports/fleet/fleet";
import { html } from "../../../reports/html";
import { evilFleet, fleetStacks, today } from "../../reports/fleets";
import { broken, evilSettings, full, planOf } from "../../reports/plans";
import type { Referee, Verdict } from "../referee";
import { npmPackages } from "../runtimes";
import { run } from "../workshop";
import { chromium } from "./chromium";

/** What axe-core found wrong with a page. */
interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[] }[];
}

const pages = {
  "a whole plan": html(full),
  "hostile names": html(planOf(evilSettings)),
  "broken settings": html(broken),
  "a fleet": fleet(fleetStacks, today),
  "a fleet of hostile names": fleet(evilFleet, today),
};

/** A page for a reader without a mouse, without colours, or without eyes. */
async function accessible(browser: Browser, axe: string): Promise<Omit<Verdict, "judge">> {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const [right, wrong]: [string[], string[]] = [[], []];
  try {
    for (const [what, text] of Object.entries(pages))
      for (const [colorScheme, width] of [
        ["light", 1280],
        ["dark", 1280],
        ["light", 360],
      ] as const) {
        const file = join(folder, "page.html");
        writeFileSync(file, text);
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
        await page.goto(pathToFileURL(file).href);
        // What a reader can open is looked at too.
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        await page.evaluate(axe);
        const found = (await page.evaluate("axe.run().then(({ violations }) => violations)")) as Violation[];
        await page.close();
        if (found.length === 0) right.push(`${what}, ${colorScheme}, ${width} pixels`);
        else wrong.push(`${what}, ${colorScheme}, ${width} pixels: ${found.map(told).join("; ")}`);
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { right, wrong };
}

const told = ({ id, help, nodes }: Violation) =>
  `${id} (${help}) at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`;

/** axe-core in Chromium judges the pages; the tests of the page, which pass over a machine without a browser, run in it too. */
export const html5: Referee = {
  name: "html",
  needs: ["chromium"],
  judge: async () => {
    const { executablePath, environment } = await chromium();
    const modules = await npmPackages();
    const axe = readFileSync(join(modules, "axe-core/axe.min.js"), "utf8");
    const { version } = JSON.parse(readFileSync(join(modules, "axe-core/package.json"), "utf8")) as { version: string };
    const env = { ...process.env, ...environment };
    const browser = await launcher.launch({ executablePath, args: ["--no-sandbox"], env });
    try {
      const judge = `axe-core ${version} in Chromium ${browser.version()}`;
      const { right, wrong } = await accessible(browser, axe);
      const project = resolve(__dirname, "../../..");
      const tests = ["test/reports/html.test.ts", "test/reports/fleet.test.ts"];
      const { code, output } = await run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...tests], {
        cwd: project,
        env: { ...env, CHROMIUM_PATH: executablePath, NO_COLOR: "1" },
      });
      const tested = tests.join(", ");
      return code === 0
        ? { judge, right: [...right, tested], wrong }
        : { judge, right, wrong: [...wrong, `${tested}: ${output.slice(-6000)}`] };
    } finally {
      await browser.close();
    }
  },
};
