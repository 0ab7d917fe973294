#pragma once

#include <string_view>

#include "cli/parse.h"
#include "convert.h"
#include "upgrade.h"

namespace mo::cli {

/// What the command line asks for, checked.  Every problem is added to `diagnostics`.
/// `default_ir_version`: where the command line names none.
ConvertOptions to_convert_options(const Arguments& arguments, Diagnostics& diagnostics,
                                  int default_ir_version = 11);

/// What the environment's MO_IR_VERSION says (empty: nothing), else 3 for the original's program names
/// `mo.py` and `mo_caffe.py`, else 11.  Throws Failure (command_line) when the variable is no version.
int default_ir_version(std::string_view program, const std::string& environment);

/// The settings of --upgrade_ir, which shares --output_dir, --model_name, --data_type and --ir_version with
/// the conversion.  Problems are added to `diagnostics`.
UpgradeOptions to_upgrade_options(const Arguments& arguments, Diagnostics& diagnostics,
                                  int default_ir_version);

}  // namespace mo::cli
