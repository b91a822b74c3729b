import js from "@eslint/js";
import tseslint from "typescript-eslint";

// Imports run downwards only (relative order of DESIGN): each folder of relu-lab and what it may import.
const allowed = {
  random: [],
  network: ["random"],
  workers: [],
  wasm: [],
  files: [],
  pictures: [],
  regions: ["network", "random", "workers", "wasm"],
  formats: ["network"],
  sawtooth: ["network", "random"],
  approximation: ["network", "random", "regions", "sawtooth"],
  ensemble: ["network", "random", "workers", "wasm"],
  training: ["ensemble", "network", "random", "sawtooth"],
  runtime: ["workers"],
  datasets: ["random", "files"],
  models: ["files", "runtime", "datasets", "network", "formats", "random", "workers"],
  losses: ["ensemble", "runtime", "network", "random"],
  experiments: [
    "random",
    "network",
    "regions",
    "sawtooth",
    "approximation",
    "ensemble",
    "training",
    "losses",
    "runtime",
    "datasets",
    "models",
    "results",
  ],
  results: ["files", "random", "runtime", "datasets", "workers"],
  cli: [
    "files",
    "network",
    "formats",
    "pictures",
    "regions",
    "random",
    "datasets",
    "models",
    "results",
    "experiments",
  ],
};
const folders = Object.keys(allowed);
const withoutTensorFlow = [
  "random",
  "network",
  "formats",
  "pictures",
  "regions",
  "sawtooth",
  "approximation",
  "ensemble",
  "training",
];

const directions = folders.map((folder) => {
  const forbidden = folders.filter((other) => other !== folder && !allowed[folder].includes(other));
  const patterns = [
    {
      group: forbidden.flatMap((other) => [
        `../${other}`,
        `../${other}/*`,
        `../../${other}`,
        `../../${other}/*`,
      ]),
      message: `${folder} may import only: ${allowed[folder].join(", ") || "nothing"}`,
    },
    { group: ["@relu-lab/*"], message: "relu-lab knows no screen, no kernel and no report" },
  ];
  if (withoutTensorFlow.includes(folder)) {
    patterns.push({ group: ["@tensorflow/*"], message: `${folder} knows nothing of TensorFlow.js` });
  }
  return {
    files: [`packages/relu-lab/src/${folder}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
});

// What trains in practice knows nothing of the losses' form for TensorFlow.js.
const losses = directions[folders.indexOf("losses")].rules["no-restricted-imports"][1].patterns;
const lossesOnTape = {
  files: ["packages/relu-lab/src/losses/*.ts"],
  ignores: ["packages/relu-lab/src/losses/index.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          ...losses,
          { regex: "/(tfjs|runtime)(/|$)|^@tensorflow", message: "only losses/tfjs knows TensorFlow.js" },
        ],
      },
    ],
  },
};

// relu-lab's experiments: a folder a section of the presentation. A section knows rows and no other section; rows knows none.
const experiments = directions[folders.indexOf("experiments")].rules["no-restricted-imports"][1].patterns;
const betweenSections = [
  {
    folder: "*",
    regex: "^\\.\\.(?:$|/(?!\\.\\./|rows/))",
    message: "a section may import of its neighbours only ../rows",
  },
  { folder: "rows", regex: "^\\.\\.(?:$|/(?!\\.\\./))", message: "rows knows no section" },
].map(({ folder, ...pattern }) => ({
  files: [`packages/relu-lab/src/experiments/${folder}/*.ts`],
  rules: { "no-restricted-imports": ["error", { patterns: [...experiments, pattern] }] },
}));

const nodeGlobals = Object.fromEntries(
  ["console", "process", "performance", "setTimeout", "clearTimeout", "Buffer", "URL", "AbortController"].map(
    (name) => [name, "readonly"],
  ),
);

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "node_modules/**",
      "report/**",
      "coverage/**",
      "**/*.generated.ts",
      "**/assembly/**",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "prefer-const": ["error", { destructuring: "all" }],
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: nodeGlobals },
  },
  { files: ["**/*.{js,cjs}"], rules: { "@typescript-eslint/no-require-imports": "off", "no-undef": "off" } },
  ...directions,
  lossesOnTape,
  ...betweenSections,
  {
    // TensorFlow.js, the worker pool, Vega and danfojs are loaded when they are first wanted, not with the package.
    files: [
      "packages/relu-lab/src/runtime/**/*.ts",
      "packages/relu-lab/src/models/tensors.ts",
      "packages/notebook/src/{data-frame,png,svg}.ts",
      "packages/notebook/src/pictures/colours.ts",
    ],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["packages/report/src/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(relu-lab(?!/files$)|@relu-lab/notebook)(/|$)",
              message: "the report knows neither's insides, but for relu-lab/files",
            },
          ],
        },
      ],
    },
  },
);
