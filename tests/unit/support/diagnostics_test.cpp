#include "support/diagnostics.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace mo {
namespace {

using namespace std::string_view_literals;

TEST(Diagnostics, TextHasPlaceCauseCaretRemedyAndAnchor) {
  Diagnostic diagnostic;
  diagnostic.code = &code::misspelt_field;
  diagnostic.cause = "there is no field \"kernal\"";
  diagnostic.remedy = "did you mean \"kernel\"?";
  diagnostic.layer = "conv1";
  diagnostic.layer_type = "Convolution";
  diagnostic.file = "deploy.prototxt";
  diagnostic.position = {12, 5};
  diagnostic.source_line = "\t\tä kernal: 3";
  EXPECT_EQ(to_text(diagnostic),
            "[ ERROR ]  deploy.prototxt:12:5: layer \"conv1\" (Convolution): there is no field \"kernal\"\n"
            "    \t\tä kernal: 3\n"
            "    \t\t ^\n"
            "  what to do: did you mean \"kernel\"?\n"
            "  see docs/FAQ.md#misspelt-field\n");
}

TEST(Diagnostics, TextOfABinaryFileHasFieldAndOffset) {
  Diagnostic diagnostic;
  diagnostic.code = &code::damaged_caffemodel;
  diagnostic.cause = "cut";
  diagnostic.file = "m.caffemodel";
  diagnostic.field = "layer[3].blobs[0]";
  diagnostic.byte_offset = 77;
  EXPECT_EQ(
      to_text(diagnostic),
      "[ ERROR ]  m.caffemodel: layer[3].blobs[0] at byte 77: cut\n  see docs/FAQ.md#damaged-caffemodel\n");
}

TEST(Diagnostics, EndlessSourceLineIsCutAroundTheCaret) {
  Diagnostic diagnostic;
  diagnostic.code = &code::prototxt_syntax;
  diagnostic.position = {1, 5001};
  diagnostic.source_line = std::string(5000, 'a') + "!" + std::string(5000, 'b');
  const std::string text = to_text(diagnostic);
  EXPECT_LT(text.size(), 600U);
  EXPECT_NE(text.find("a!b"), std::string::npos);
}

TEST(Diagnostics, ExitStatusIsThatOfTheFirstError) {
  Diagnostics diagnostics;
  diagnostics.warning(code::unknown_field, "w");
  diagnostics.info(code::unused_weights, "i");
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.exit_status(), 0);
  diagnostics.error(code::file_not_found, "e");
  diagnostics.error(code::bad_value, "e");
  EXPECT_EQ(diagnostics.exit_status(), 3);
  EXPECT_EQ(diagnostics.all().size(), 4U);
}

TEST(Diagnostics, SlugsAreUnique) {
  std::set<std::string_view> slugs;
  for (const DiagnosticCode* code : all_diagnostic_codes())
    EXPECT_TRUE(slugs.insert(code->slug).second) << code->slug;
}

TEST(Nearest, FindsTyposAndTranspositionsOnly) {
  constexpr std::array names{"kernel_size"sv, "pad"sv, "stride"sv, "num_output"sv};
  EXPECT_EQ(nearest("kernal_size", names), "kernel_size");
  EXPECT_EQ(nearest("strdie", names), "stride");
  EXPECT_EQ(nearest("num_outputs", names), "num_output");
  EXPECT_EQ(nearest("pda", names), "pad");
  EXPECT_EQ(nearest("path", names), "");
  EXPECT_EQ(nearest("dilation", names), "");
  EXPECT_EQ(nearest(std::string(100000, 'k'), names), "");
}

}  // namespace
}  // namespace mo
