import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { html } from "../../reports/html";
import type { Plan } from "../../rotation/plan/plan";
import { settings } from "../rotation/declarations";
import { findChromium } from "./chromium";
import { broken, evilSettings, full, inventory, planOf } from "./plans";

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn("The page is not tried in a browser: no Chromium on the PATH. Install one, or set CHROMIUM_PATH.");
}

test("the page allows nothing but its own style and script, and refers to nothing outside of it", () => {
  const page = html(full);
  expect(page).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]+=*'; script-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'">/,
  );
  expect(page).not.toMatch(/\b(?:https?:|src=|@import|<link|<base|<iframe| style=| on\w+=)/);
});

describe.skipIf(executablePath === undefined)("in Chromium", () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "page-"));
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(plan: Plan, colorScheme: "light" | "dark" = "light"): Promise<{ page: Page; said: string[] }> {
    const said: string[] = [];
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) said.push(request.url());
    });
    page.on("dialog", (dialog) => {
      said.push(dialog.message());
      void dialog.dismiss();
    });
    const file = join(folder, "plan.html");
    writeFileSync(file, html(plan));
    await page.goto(pathToFileURL(file).href);
    return { page, said };
  }

  const shown = (page: Page) => page.locator("li.row:visible h3").allTextContents();

  test("a time without a living token comes first, and colours the headline", async () => {
    const { page, said } = await open(full);
    const headings = await page.locator("main h2:visible").allTextContents();
    expect(headings.filter((heading) => heading !== "Summary")[0]).toBe("No living token");
    const summary = page.locator(".summary");
    expect(await summary.textContent()).toMatch(/^NO LIVING TOKEN of scanner from Thu 10 Dec until Mon 14 Dec\./);
    expect(await summary.evaluate((element) => getComputedStyle(element).color)).toBe("rgb(180, 35, 24)");
    expect(said).toEqual([]);
  });

  test("every account has its row, its tokens are told to screen readers, and nothing fails to load", async () => {
    const { page, said } = await open(full);
    expect(await shown(page)).toEqual(["inventory", "scanner", "held"]);
    expect(await page.locator("#count").textContent()).toBe("3 of 3 accounts");
    const tokens = page.getByRole("group", { name: "Tokens of scanner" }).getByRole("img");
    expect(await tokens.first().getAttribute("aria-label")).toBe(
      "Token adopted: in use from Fri 2 Oct 2026 to Wed 9 Dec 2026; dies while in use on Thu 10 Dec 2026.",
    );
    expect(said).toEqual([]);
    await page.close();
  });

  test("bars stand at their days: what follows begins where its predecessor's overlap does", async () => {
    const { page } = await open(planOf(settings([inventory()])));
    const rect = async (kind: string, index: number) => {
      const box = await page.locator(`li.row .${kind}`).nth(index).boundingBox();
      return { left: Math.round(box?.x ?? -1), right: Math.round((box?.x ?? 0) + (box?.width ?? 0)) };
    };
    const overlap = await rect("previous", 0);
    const successor = await rect("current", 1);
    expect(Math.abs(overlap.left - successor.left)).toBeLessThanOrEqual(1);
    expect(overlap.right).toBeGreaterThan(overlap.left);
    const today = await page.locator(".back line.today").boundingBox();
    expect(today?.x).toBeLessThan(overlap.left);
    expect(today?.height).toBeGreaterThan(40);
    await page.close();
  });

  test("a key leads past the rows of many accounts to the calendar", async () => {
    const { page, said } = await open(
      planOf(settings(Array.from({ length: 60 }, (_, index) => inventory({ name: `one-${index}` })))),
    );
    const parts = ["Timeline", "Calendar", "Not checked"];
    expect(await page.getByRole("navigation").getByRole("link").allTextContents()).toEqual(parts);
    await page.getByRole("link", { name: "Calendar" }).focus();
    await page.keyboard.press("Enter");
    const heading = await page.getByRole("heading", { name: "Calendar, 400 days" }).boundingBox();
    expect(heading?.y).toBeGreaterThanOrEqual(0);
    expect(heading?.y).toBeLessThan(900);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Calendar of prod");
    expect(said).toEqual([]);
    await page.close();
  });

  test("freezes, holds and deaths in use are marked", async () => {
    const { page } = await open(full);
    expect(await page.locator(".back rect.frozen").count()).toBe(1);
    expect(await page.locator("g.held").count()).toBe(1);
    expect(await page.locator("g.risk").count()).toBe(1);
    await page.close();
  });

  test("a token that leaked is labelled", async () => {
    const leaked = inventory({
      rotation: { startsOn: "2026-11-16", extraDates: [{ date: "2026-12-14", reason: "leaked" }] },
      compromised: [{ generation: "2026-11-16", reason: "pasted into a chat" }],
    });
    const { page } = await open(planOf(settings([leaked])));
    expect(await page.locator("li.row .tag").allTextContents()).toEqual(["2026-11-16 compromised"]);
    expect(await page.locator("g.leaked").getAttribute("aria-label")).toMatch(
      /^Token 2026-11-16, compromised \(pasted into a chat\): /,
    );
    await page.close();
  });

  test("on a phone the timeline fits, and a table shows that it scrolls", async () => {
    const { page } = await open(full);
    await page.setViewportSize({ width: 360, height: 780 });
    const scrolls = (selector: string) =>
      page
        .locator(selector)
        .evaluateAll((all) =>
          all.map((one) => [
            one.scrollWidth > one.clientWidth,
            getComputedStyle(one).backgroundImage.includes("gradient"),
          ]),
        );
    expect(await scrolls(".scroll:has(.chart)")).toEqual([[false, false]]);
    expect(await scrolls(".scroll:has(table)")).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
    await page.close();
  });

  test("the search looks at accounts and places, the filters at what is marked, and Escape clears", async () => {
    const { page } = await open(full);
    await page.keyboard.press("/");
    await page.keyboard.type("SCAN");
    expect(await shown(page)).toEqual(["scanner"]);
    expect(await page.locator("#count").textContent()).toBe("1 of 3 accounts");
    expect(new Set(await page.locator("tbody tr:visible th").allTextContents())).toEqual(new Set(["scanner"]));
    await page.keyboard.press("Escape");
    expect(await shown(page)).toHaveLength(3);
    await page.getByRole("checkbox", { name: "held" }).check();
    expect(await shown(page)).toEqual(["held"]);
    await page.getByRole("checkbox", { name: "held" }).uncheck();
    await page.keyboard.press("/");
    await page.keyboard.type("nobody");
    expect(await page.getByText("No account fits.").isVisible()).toBe(true);
    await page.close();
  });

  test("everything can be reached with the keyboard: the search, the filters, the chart and each token", async () => {
    const { page } = await open(full);
    const reached: string[] = [];
    for (let step = 0; step < 18; step += 1) {
      await page.keyboard.press("Tab");
      reached.push(
        await page.evaluate(() => {
          const at = document.activeElement;
          return (
            at?.id ||
            at?.getAttribute("value") ||
            at?.getAttribute("aria-label")?.split(":")[0] ||
            at?.textContent ||
            ""
          );
        }),
      );
    }
    expect(reached.slice(0, 15)).toEqual([
      "Skip to the plan",
      "Timeline",
      "Policies",
      "Changes",
      "Calendar",
      "Not checked",
      "search",
      "soon",
      "risk",
      "held",
      "findings",
      "changed",
      "No living token",
      "Timeline of prod",
      "Token 2026-11-16",
    ]);
    await page.close();
  });

  test("light and dark differ, and text stands out from its background in both", async () => {
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open(full, scheme);
      const ratios = await page.evaluate(() => {
        const luminance = (color: string) => {
          const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
            const value = Number(part) / 255;
            return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ratio = (text: string, page: string) => {
          const [a, b] = [luminance(text), luminance(page)].sort((x, y) => y - x) as [number, number];
          return (a + 0.05) / (b + 0.05);
        };
        const style = (selector: string) => getComputedStyle(document.querySelector(selector) ?? document.body);
        const card = style("section").backgroundColor;
        return {
          text: ratio(style(".who h3").color, card),
          quiet: ratio(style(".who p").color, card),
          bar: ratio(style(".name").fill, style(".current").fill),
          tag: ratio(style(".tag.red").color, style(".tag.red").backgroundColor),
          dark: luminance(card),
        };
      });
      expect(ratios.dark < 0.1).toBe(scheme === "dark");
      expect(Math.min(ratios.text, ratios.quiet, ratios.bar, ratios.tag)).toBeGreaterThan(4.5);
      await page.close();
    }
  });

  test("no text runs, loads or becomes an element", async () => {
    const { page, said } = await open(planOf(evilSettings));
    expect(said).toEqual([]);
    expect(
      await page.locator("img, script:not(body > script), a:not(.skip, nav a), h1:not(header h1), code script").count(),
    ).toBe(0);
    expect(await page.locator("main").textContent()).toContain('<img src=x onerror="alert(1)">');
    await page.close();
  });

  test("forty accounts fit the width of the page, and of a phone", async () => {
    const many = planOf(settings(Array.from({ length: 40 }, (_, index) => inventory({ name: `account-${index}` }))));
    const { page } = await open(many);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    expect(await shown(page)).toHaveLength(40);
    await page.close();
  });

  test("settings that cannot be used are told, without a chart", async () => {
    const { page, said } = await open(broken);
    expect(await page.locator("section.bad").textContent()).toContain("Pulumi.prod.yaml:3");
    expect([await page.locator(".chart").count(), said]).toEqual([0, []]);
    // One line of its table names the place, whole, and nothing can be searched.
    expect((await page.locator("section.bad td code").first().boundingBox())?.height).toBeLessThan(30);
    expect(await page.getByRole("searchbox").count()).toBe(0);
    await page.close();
  });

  test("without script everything is shown, and no control that would do nothing", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const file = join(folder, "still.html");
    writeFileSync(file, html(full));
    await page.goto(pathToFileURL(file).href);
    expect([await shown(page), await page.locator(".controls").isVisible()]).toEqual([
      ["inventory", "scanner", "held"],
      false,
    ]);
    await context.close();
  });
});
