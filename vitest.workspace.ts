// The test projects. `unit` tests share one process per worker and read sources, so they need no build;
// `integration` tests start real processes, which run what `pnpm build` made, one file at a time.

const conditions = ["sage-source", "module", "node", "development|production"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default [
  {
    ...shared,
    test: {
      name: "unit",
      include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"],
      exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
      isolate: false,
      testTimeout: 30_000,
    },
  },
  {
    ...shared,
    test: {
      name: "integration",
      include: ["packages/*/src/**/*.integration.test.ts", "examples/*/*.test.ts", "tests/e2e/**/*.test.ts"],
      exclude: ["**/node_modules/**"],
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
];
