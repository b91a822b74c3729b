import type { Call, Operator } from "../graph/call";
import type { Tensor } from "../graph/tensor";

export const scalar = (value: number): Tensor => ({
  shape: [],
  values: Float64Array.of(value),
  kind: "float",
});

/** Attributes that name types or hints; what is computed does not depend on them. */
export function typed(call: Call, ...more: readonly string[]): void {
  call.attributes.ignore(
    "T",
    "Tidx",
    "Tshape",
    "Tidx",
    "Tperm",
    "Tpaddings",
    "Taxis",
    "Tparams",
    "Tindices",
    "Tdim",
    "Tlen",
    "Tmultiples",
    "Index",
    "U",
    "SrcT",
    "Tcond",
    "N",
    "dtype",
    "out_type",
    "use_cudnn_on_gpu",
    "validate_indices",
    "message",
    "incompatible_shape_error",
    ...more,
  );
}

/** An operator without attributes of its own. */
export const plain =
  (operator: Operator): Operator =>
  (call) => {
    typed(call);
    return operator(call);
  };
