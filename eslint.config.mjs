import js from "@eslint/js";
import tseslint from "typescript-eslint";

// Imports run downwards only: each folder of relu-lab and what it may import.
const allowed = {
  random: "",
  network: "random",
  workers: "",
  wasm: "",
  files: "",
  pictures: "",
  regions: "network random workers wasm",
  formats: "network",
  sawtooth: "network random",
  approximation: "network random regions sawtooth",
  ensemble: "network random workers wasm",
  training: "ensemble network random sawtooth",
  runtime: "workers",
  datasets: "random files",
  models: "files runtime datasets network formats random workers",
  losses: "ensemble runtime network random",
  experiments:
    "random network regions sawtooth approximation ensemble training losses runtime datasets models results",
  results: "files random runtime datasets workers",
  cli: "files network formats pictures regions random datasets models results experiments",
};
// Inside of a folder: its floors, each of which may import those before it. What shares a floor does not meet.
const floors = {
  regions: [
    "arithmetic",
    "plan",
    "walk",
    "maps",
    "segment plane cells",
    "space",
    "distance bounds statistics",
  ],
};
const withoutTensorFlow =
  "random network formats pictures regions sawtooth approximation ensemble training".split(" ");

const group = (names) => names.flatMap((name) => [`../${name}`, `../${name}/*`]);
const only = (name, names) => `${name} may import only: ${names.join(", ") || "nothing"}`;
/** What no file of a folder may import. */
function outside(folder) {
  const known = allowed[folder].split(" ").filter(Boolean);
  const forbidden = Object.keys(allowed).filter((other) => other !== folder && !known.includes(other));
  const anywhere = group(forbidden);
  return [
    { group: [...anywhere, ...anywhere.map((name) => `../${name}`)], message: only(folder, known) },
    { group: ["@relu-lab/*"], message: "relu-lab knows no screen, no kernel and no report" },
    ...(withoutTensorFlow.includes(folder)
      ? [{ group: ["@tensorflow/*"], message: `${folder} knows nothing of TensorFlow.js` }]
      : []),
  ];
}
const restricted = (folder, patterns) => ({
  files: [`packages/relu-lab/src/${folder}/**/*.ts`],
  rules: { "no-restricted-imports": ["error", { patterns }] },
});
const directions = Object.keys(allowed).map((folder) => restricted(folder, outside(folder)));
for (const [house, own] of Object.entries(floors)) {
  own.forEach((floor, level) => {
    for (const name of floor.split(" ")) {
      const below = own.slice(0, level).flatMap((names) => names.split(" "));
      const others = own.flatMap((names) => names.split(" ")).filter((other) => other !== name);
      const forbidden = group(others.filter((other) => !below.includes(other)));
      // A later rule replaces an earlier one, so what holds for the house is repeated.
      const inside =
        forbidden.length > 0 ? [{ group: forbidden, message: only(`${house}/${name}`, below) }] : [];
      directions.push(restricted(`${house}/${name}`, [...outside(house), ...inside]));
    }
  });
}

// What trains in practice knows nothing of the losses' form for TensorFlow.js.
const lossesOnTape = {
  ...restricted("losses", [
    ...outside("losses"),
    { regex: "/(tfjs|runtime)(/|$)|^@tensorflow", message: "only losses/tfjs knows TensorFlow.js" },
  ]),
  files: ["packages/relu-lab/src/losses/*.ts"],
  ignores: ["packages/relu-lab/src/losses/index.ts"],
};

// The experiments: a folder a section of the presentation. A section knows rows and no other section; rows knows none.
const betweenSections = [
  {
    folder: "*",
    regex: "^\\.\\.(?:$|/(?!\\.\\./|rows/))",
    message: "a section may import of its neighbours only ../rows",
  },
  { folder: "rows", regex: "^\\.\\.(?:$|/(?!\\.\\./))", message: "rows knows no section" },
].map(({ folder, ...pattern }) => restricted(`experiments/${folder}`, [...outside("experiments"), pattern]));

const nodeGlobals = Object.fromEntries(
  [
    "console",
    "process",
    "performance",
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "clearInterval",
    "Buffer",
    "URL",
    "AbortController",
  ].map((name) => [name, "readonly"]),
);

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "node_modules/**",
      "report/**",
      "coverage/**",
      "data/cache/**",
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
    // TensorFlow.js, Vega and danfojs are loaded when they are first wanted, not with the package.
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
