import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FleetStack, fleet } from "../../reports/fleet/fleet";
import { findChromium } from "./chromium";
import { evilFleet, fleetStacks, stackOf, standing, today } from "./fleets";

const executablePath = findChromium();

test("the page of the fleet allows nothing but its own style and script, and leads nowhere but to what proved", () => {
  const page = fleet(fleetStacks, today);
  expect(page).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]+=*'; script-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'">/,
  );
  expect(page).not.toMatch(/\b(?:src=|@import|<link|<base|<iframe| style=| on\w+=)/);
  const led = [...page.matchAll(/href="([^#][^"]*)"/g)].map(([, address]) => address);
  expect(new Set(led)).toEqual(new Set(["https://gitlab.example.com/security/builder/-/pipelines/7"]));
});

test("an address that is none becomes no link, and nothing that looks like a token is shown", () => {
  const page = fleet(evilFleet, today);
  expect(page).not.toMatch(/href="(?!#|https?:)/);
  const pasted = ["glpat", "x".repeat(20)].join("-");
  expect(fleet([stackOf([standing({ verdict: "due", failed: pasted })])], today)).not.toContain(pasted);
});

test("in what failed the pages of the proofs' server are links, and those of no other", () => {
  const failed =
    "job failed, see https://gitlab.example.com/a/-/jobs/5.\nIt passed (https://gitlab.example.com/a/-/pipelines/4): or https://evil.example/a, https://gitlab.example.com.evil.example/a";
  const proof = { ...standing().proof, status: "failed", provedAt: undefined, attempts: 3, maxAttempts: 3 };
  const page = fleet(
    [
      stackOf([
        standing({
          verdict: "due",
          failed,
          proof: { ...proof, generation: "2026-12-14", links: ["https://gitlab.example.com/a/-/pipelines/7"] },
        }),
      ]),
    ],
    today,
  );
  const card = /<ul class="cards">.*?<\/ul>/s.exec(page)?.[0] ?? "";
  expect([...card.matchAll(/href="(h[^"]*)"/g)].map(([, address]) => address)).toEqual([
    "https://gitlab.example.com/a/-/jobs/5",
    "https://gitlab.example.com/a/-/pipelines/4",
    "https://gitlab.example.com/a/-/pipelines/7",
  ]);
  expect(card).toContain("it gave up; npx pat-rotation retry inventory takes it up.");
  const told = fleet(
    [
      stackOf([
        standing({
          verdict: "due",
          failed: "failed: npx pat-rotation retry inventory",
          proof: { ...proof, generation: "2026-12-14", links: [] },
        }),
      ]),
    ],
    today,
  );
  expect(/<ul class="cards">.*?<\/ul>/s.exec(told)?.[0].match(/pat-rotation retry/g)).toHaveLength(1);
});

test("the headline is as grave as the worst of it", () => {
  const tone = (...stacks: FleetStack[]) => /<p class="summary (\w+)">/.exec(fleet(stacks, today))?.[1];
  expect(tone(stackOf([standing()]))).toBe("fine");
  expect(tone(stackOf([standing(), standing({ account: "late", verdict: "due" })]))).toBe("warning");
  expect(tone(stackOf([standing()]), ...fleetStacks.slice(1))).toBe("warning");
  expect(tone(...fleetStacks)).toBe("bad");
});

test("where all is fine nobody is needed", () => {
  const page = fleet([stackOf([standing()])], today);
  expect(page).toContain("<h2>Nobody is needed</h2>");
  expect(page).not.toContain('class="cards"');
  expect(fleet(fleetStacks, today)).toContain("<h2>Needs somebody</h2>");
});

test("a stack that could not be looked at is told as that", () => {
  const page = fleet(fleetStacks, today);
  expect(page).toContain("2 states were not read.");
  expect(page).toMatch(/<section id="stack-1" tabindex="-1" class="warn"><h2>staging<\/h2>/);
  expect(page).toContain("Its settings cannot be used.");
});

describe.skipIf(executablePath === undefined)("in Chromium", () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "fleet-"));
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(
    stacks: readonly FleetStack[],
    { width = 1280, javaScriptEnabled = true } = {},
  ): Promise<{ page: Page; said: string[] }> {
    const said: string[] = [];
    const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
    const page = await context.newPage();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) said.push(request.url());
    });
    page.on("dialog", (dialog) => {
      said.push(dialog.message());
      void dialog.dismiss();
    });
    const file = join(folder, "fleet.html");
    writeFileSync(file, fleet(stacks, today));
    await page.goto(pathToFileURL(file).href);
    return { page, said };
  }

  const shown = (page: Page) => page.locator("li.row:visible h3").allTextContents();

  test("what is at risk comes first, above all stacks and in each", async () => {
    const { page, said } = await open(fleetStacks);
    expect(await page.locator(".cards > li a:first-of-type").allTextContents()).toEqual(
      expect.arrayContaining(["dying", "late", "staging"]),
    );
    expect((await page.locator(".cards > li").first().textContent()) ?? "").toMatch(/^at risk dying prod/);
    expect((await shown(page)).slice(0, 2)).toEqual(["dying", "late"]);
    expect(said).toEqual([]);
    await page.context().close();
  });

  test("a row tells its places, its proof with a link, what is compromised, and its tokens to screen readers", async () => {
    const { page } = await open(fleetStacks);
    const row = page.locator("li.row", { has: page.getByRole("heading", { name: "leaked", exact: true }) });
    expect(await row.locator(".tag").allTextContents()).toEqual(["fine", "older held", "2026-11-23 compromised"]);
    await row.locator("summary").focus();
    await page.keyboard.press("Enter");
    const told = (await row.locator("dl").innerText()).replace(/\s+/g, " ");
    expect(told).toContain(
      '✓ field "credential" of 1Password item "Inventory" in vault "Security": was set to 2026-12-14',
    );
    expect(told).toContain('✗ CI/CD variable "TOKEN" of project "security/builder": holds 2026-11-23');
    expect(told).toContain("held 2026-11-23: still in use");
    expect(await row.locator("dl a").first().getAttribute("href")).toMatch(/\/pipelines\/7$/);
    expect(await row.locator("svg").getAttribute("aria-label")).toContain(
      "Pipelines passed with token 2026-12-14 on Mon 14 Dec 2026.",
    );
    await page.context().close();
  });

  test("the search hides rows, and what is said of them above", async () => {
    const { page } = await open(fleetStacks);
    await page.keyboard.press("/");
    await page.keyboard.type("dying");
    expect([await shown(page), await page.locator(".cards > li[data-of]:visible").count()]).toEqual([["dying"], 1]);
    await page.keyboard.press("Escape");
    await page.getByRole("checkbox", { name: "compromised" }).check();
    expect(await shown(page)).toEqual(["leaked"]);
    await page.context().close();
  });

  test("three hundred accounts fit a desk, a tablet and a phone, without script as well", async () => {
    const many = stackOf(Array.from({ length: 300 }, (_, at) => standing({ account: `account-${at}` })));
    for (const width of [1440, 768, 360])
      for (const javaScriptEnabled of [true, false]) {
        const { page } = await open([many], { width, javaScriptEnabled });
        expect(await page.locator("li.row:visible").count()).toBe(300);
        expect(await page.locator(".controls").isVisible()).toBe(javaScriptEnabled);
        const box = await page.locator("main section").last().boundingBox();
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
        const bar = await page.locator("li.row rect.current").last().boundingBox();
        expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(width);
        await page.context().close();
      }
  });

  test("no text runs, loads or becomes an element", async () => {
    const { page, said } = await open(evilFleet);
    expect(said).toEqual([]);
    expect(await page.locator("main img, main script, h1:not(header h1)").count()).toBe(0);
    await page.context().close();
  });
});
