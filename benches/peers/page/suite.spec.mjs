// As many scenarios and steps as the run that is measured beside this, in Playwright Test.
import { test, expect } from "@playwright/test";

const [scenarios, steps] = process.env.SUITE.split("x").map(Number);
for (let number = 0; number < scenarios; number += 1) {
  test(`Order ${number} is placed and paid`, async () => {
    for (let step = 1; step <= steps; step += 1) {
      await test.step(`click button "Save" ${step}`, async () => {});
    }
    expect(number % 33).not.toBe(7);
  });
}
