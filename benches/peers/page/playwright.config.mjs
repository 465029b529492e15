// Only the report is wanted, so no browser is started.
export default {
  fullyParallel: true,
  reporter: [["html", { open: "never", outputFolder: process.env.REPORT }]],
};
