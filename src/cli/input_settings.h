#pragma once

#include "cli/parse.h"
#include "convert.h"

namespace mo::cli {

// What the options of inputs and outputs mean, each reader for its own; a wrong value throws Failure.
void read_inputs(const Arguments& arguments, ConvertOptions& options);
/// Behind read_inputs, whose inputs the shapes belong to.
void read_input_shapes(const Arguments& arguments, ConvertOptions& options);
void read_batch(const Arguments& arguments, ConvertOptions& options);
void read_outputs(const Arguments& arguments, ConvertOptions& options);
void read_layouts(const Arguments& arguments, ConvertOptions& options);
void read_frozen(const Arguments& arguments, ConvertOptions& options);

}  // namespace mo::cli
