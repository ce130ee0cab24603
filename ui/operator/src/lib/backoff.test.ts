import { expect, it } from "vitest";
import { backoff } from "./backoff";

it("grows, is bounded and is spread", () => {
  expect([0, 1, 2, 3, 4, 5, 99].map((attempt) => backoff(attempt, 1))).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(backoff(0, 0)).toBe(375);
});
