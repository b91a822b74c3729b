export { compileWasm, instantiateWasm } from "./compile";
