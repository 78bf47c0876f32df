// The test projects. `unit` tests share one process per worker and read sources, so they need no build;
// `integration` tests start real processes, which run what `pnpm build` made, one file at a time.

const conditions = ["sage-source", "module", "node", "development|production"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
/** CI gives a test of real processes, sockets and clocks a second try, and says so: "(retry x1)". At home it fails at once. */
const retry = process.env["CI"] ? 1 : 0;

export default [
  {
    ...shared,
    test: {
      name: "unit",
      include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "bench/nexmark/*.test.ts"],
      exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
      isolate: false,
      retry,
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
      retry,
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
];
