import ICAL from "ical.js";
import { expect, test } from "vitest";
import { ics } from "../../reports/ics";
import { settings } from "../rotation/declarations";
import { evilSettings, full, inventory, planOf } from "./plans";

function parsed(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));
  return { calendar, events };
}

const days = (event: ICAL.Event) => `${event.startDate.toString()} to ${event.endDate.toString()}`;

test("each date is an event of a whole day, and each freeze one of all its days", () => {
  const { events } = parsed(ics(planOf(settings([inventory()], [{ from: "2026-12-19", to: "2027-01-04" }]))));
  expect(events.map((event) => [event.summary, days(event), event.uid])).toEqual([
    ["New token for inventory", "2027-10-25 to 2027-10-26", "prod/inventory/2027-10-25/mint@pat-rotation"],
    ["Old token of inventory is revoked", "2027-11-01 to 2027-11-02", "prod/inventory/2026-11-23/retire@pat-rotation"],
    ["Freeze of prod: no token rotates", "2026-12-19 to 2027-01-05", "prod/freeze/2026-12-19/2027-01-04@pat-rotation"],
  ]);
  expect(events.every((event) => event.startDate.isDate)).toBe(true);
});

test("a token that dies while in use is told as such", () => {
  const { events } = parsed(ics(full));
  expect(events.map(({ summary }) => summary)).toContain("AT RISK: A token of scanner expires");
});

test("the file has what RFC 5545 asks for: version, product, and of each event a UID, a stamp and a start", () => {
  const { calendar } = parsed(ics(full));
  expect(calendar.getFirstPropertyValue("version")).toBe("2.0");
  expect(calendar.getFirstPropertyValue("prodid")).toBe("-//pat-rotation//plan//EN");
  for (const event of calendar.getAllSubcomponents("vevent")) {
    for (const name of ["uid", "dtstamp", "dtstart", "summary"]) expect(event.getAllProperties(name)).toHaveLength(1);
    expect(String(event.getFirstPropertyValue("dtstamp"))).toBe("2026-12-01T00:00:00Z");
  }
});

test("no two events have one UID, and another day's plan gives the same ones", () => {
  const uids = (text: string) => parsed(text).events.map(({ uid }) => uid);
  expect(new Set(uids(ics(full))).size).toBe(uids(ics(full)).length);
  expect(uids(ics({ ...full, asOf: "2026-12-02" }))).toEqual(uids(ics(full)));
});

test("lines end in CRLF and have at most 75 octets, and no character is cut in two", () => {
  const text = ics(
    planOf(settings([inventory({ onePassword: [{ vault: "Tresor äöü 🔐".repeat(20), item: "x", field: "y" }] })])),
  );
  expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(text.split("\r\n").filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
  expect(parsed(text).events[0]?.description).toContain("🔐Tresor äöü 🔐");
});

test("no text adds a line, an event, a link or a tag", () => {
  const text = ics(planOf(evilSettings));
  const { events } = parsed(text);
  expect(events.map(({ summary }) => summary)).not.toContain("other");
  expect(events.filter(({ summary }) => summary.startsWith("New token"))).toHaveLength(2);
  for (const event of events) {
    expect(`${event.summary}${event.description}`).not.toMatch(/https?:\/\/|www\.|<\w|a@b/);
  }
});
