import { expect, test } from "vitest";
import { announced } from "../../../rotation/plan/notice";
import { account } from "../declarations";

const issue = { project: "security/tracker", noticeDays: 30, confidential: true, labels: [], notify: [] };
const freezes = [{ from: "2026-12-19", to: "2027-01-04" }];

function on(today: string, parts: Parameters<typeof account>[0] = {}) {
  return announced(account({ issue, rotation: { extraDates: [{ date: "2027-03-01" }] }, ...parts }), freezes, today)
    ?.name;
}

test("a rotation is announced from noticeDays before its date, to the day before it", () => {
  expect(on("2026-10-23")).toBeUndefined();
  expect(on("2026-10-24")).toBe("2026-11-23");
  expect(on("2026-11-22")).toBe("2026-11-23");
  expect(on("2026-11-23")).toBeUndefined();
  expect(on("2027-01-29")).toBeUndefined();
  expect(on("2027-01-30")).toBe("2027-03-01");
});

test("without an issue nothing is announced", () => {
  const { issue: _issue, ...rest } = account({ issue });
  expect(announced(rest, [], "2026-11-22")).toBeUndefined();
});

test("the last of several generations of one day is announced: it takes over", () => {
  const rotation = { extraDates: [{ date: "2026-11-23" }] };
  expect(on("2026-11-22", { rotation })).toBe("2026-11-23.2");
});

test("a rotation that a hold keeps from taking over is not announced", () => {
  expect(
    on("2027-02-20", { holdAt: "2026-11-23", rotation: { extraDates: [{ date: "2027-03-01" }] } }),
  ).toBeUndefined();
});
