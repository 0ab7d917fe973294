#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ir/check/check.h"
#include "ir/document.h"
#include "ir/legacy/reader.h"
#include "ops/ops.h"

namespace mo::ir {
namespace {

/// data [1,2,4,4] -> conv 2x2 (3 outputs) -> relu -> slice into 1 and 2; weights at 0, biases at 96.
const std::string net = R"(<?xml version="1.0"?>
<net batch="1" name="n" version="3">
 <pre-process reference-layer-name="data">
  <channel id="0"><mean value="1.5"/></channel>
  <channel id="1"><mean value="2.5"/></channel>
 </pre-process>
 <layers>
  <layer id="0" name="data" precision="FP32" type="Input">
   <output><port id="0"><dim>1</dim><dim>2</dim><dim>4</dim><dim>4</dim></port></output>
  </layer>
  <layer id="1" name="conv" precision="FP32" type="Convolution">
   <data dilations="1,1" group="1" kernel="2,2" output="3" pads_begin="0,0" pads_end="0,0" strides="1,1"/>
   <input><port id="0"><dim>1</dim><dim>2</dim><dim>4</dim><dim>4</dim></port></input>
   <output><port id="3"><dim>1</dim><dim>3</dim><dim>3</dim><dim>3</dim></port></output>
   <blobs><weights offset="0" size="96"/><biases offset="96" size="12"/></blobs>
  </layer>
  <layer id="2" name="relu" precision="FP32" type="ReLU">
   <data negative_slope="0.5"/>
   <input><port id="0"><dim>1</dim><dim>3</dim><dim>3</dim><dim>3</dim></port></input>
   <output><port id="1"><dim>1</dim><dim>3</dim><dim>3</dim><dim>3</dim></port></output>
  </layer>
  <layer id="3" name="parts" precision="FP32" type="Slice">
   <data axis="1"/>
   <input><port id="0"><dim>1</dim><dim>3</dim><dim>3</dim><dim>3</dim></port></input>
   <output>
    <port id="1"><dim>1</dim><dim>1</dim><dim>3</dim><dim>3</dim></port>
    <port id="2"><dim>1</dim><dim>2</dim><dim>3</dim><dim>3</dim></port>
   </output>
  </layer>
 </layers>
 <edges>
  <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
  <edge from-layer="1" from-port="3" to-layer="2" to-port="0"/>
  <edge from-layer="2" from-port="1" to-layer="3" to-port="0"/>
 </edges>
</net>
)";
constexpr std::uint64_t bin_size = 108;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

/// What --check_ir would print, without places.
std::vector<std::string> faults(const std::string& xml, std::optional<std::uint64_t> size = bin_size) {
  Diagnostics findings;
  try {
    const Document document = read_document(*MappedFile::in_memory("n.xml", xml), findings);
    check::all_rules(document, size, findings);
  } catch (const Failure& failure) {
    findings.add(failure.diagnostic());
  }
  std::vector<std::string> texts;
  for (const Diagnostic& finding : findings.all())
    texts.push_back(finding.layer + ": " + finding.cause + " [" + std::string(finding.code->slug) + "]");
  return texts;
}

bool found(const std::string& from, const std::string& to, const std::string& wanted) {
  const auto all = faults(replaced(net, from, to));
  for (const std::string& fault : all)
    if (fault.find(wanted) != std::string::npos) return true;
  for (const std::string& fault : all) ADD_FAILURE() << "found instead: " << fault;
  return false;
}

struct Broken {
  const char* name;
  const char* from;
  const char* to;
  const char* wanted;
};

class BrokenIr : public testing::TestWithParam<Broken> {};

TEST(CheckIr, FindsNothingInAGoodNet) {
  EXPECT_EQ(faults(net), std::vector<std::string>{});
}

TEST_P(BrokenIr, IsFound) {
  EXPECT_TRUE(found(GetParam().from, GetParam().to, GetParam().wanted));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BrokenIr,
    testing::Values(
        Broken{"Xml", "</edges>", "", "[damaged-ir]"},
        Broken{"Version", "version=\"3\"", "version=\"9\"", "[damaged-ir]"},
        Broken{"LayerId", "layer id=\"1\"", "layer id=\"one\"", "no whole number [ir-structure]"},
        Broken{"NoType", " type=\"ReLU\"", "", "relu: it has no type"},
        Broken{"RepeatedId", "layer id=\"2\"", "layer id=\"1\"", "its id 1 is another layer's"},
        Broken{"RepeatedName", "name=\"relu\"", "name=\"conv\"", "conv: its name is another layer's"},
        Broken{"NoDims", "<port id=\"3\"><dim>1</dim><dim>3</dim><dim>3</dim><dim>3</dim>", "<port id=\"3\">",
               "port 3 has no dimensions"},
        Broken{"ZeroDim", "<dim>2</dim><dim>4</dim>", "<dim>0</dim><dim>4</dim>", "the dimension \"0\""},
        Broken{"SharedPortId", "<output><port id=\"3\">", "<output><port id=\"0\">", "two ports of the id 0"},
        Broken{"EdgeFromNowhere", "from-layer=\"2\"", "from-layer=\"7\"", "a layer that does not exist"},
        Broken{"EdgeFromInput", "from-port=\"3\"", "from-port=\"0\"", "comes from a port that is no output"},
        Broken{"EdgeToOutput", "to-layer=\"2\" to-port=\"0\"", "to-layer=\"2\" to-port=\"1\"",
               "goes to a port that is no input"},
        Broken{"Unconnected", "<edge from-layer=\"2\" from-port=\"1\" to-layer=\"3\" to-port=\"0\"/>", "",
               "parts: no edge leads to its input port 0"},
        Broken{"TwoEdges", "</edges>",
               "<edge from-layer=\"0\" from-port=\"0\" to-layer=\"1\" to-port=\"0\"/></edges>",
               "is the second edge"},
        Broken{"EdgeDims", "<input><port id=\"0\"><dim>1</dim><dim>2</dim>",
               "<input><port id=\"0\"><dim>1</dim><dim>1</dim>", "joins an output of dims"},
        Broken{"Cycle", "from-layer=\"0\" from-port=\"0\"", "from-layer=\"2\" from-port=\"1\"",
               "the layers form a cycle"},
        Broken{"NoInput", "type=\"Input\"", "type=\"Const\"", "the network has no input"},
        Broken{"Precision", "precision=\"FP32\" type=\"ReLU\"", "precision=\"FP33\" type=\"ReLU\"",
               "\"FP33\" is not known"},
        Broken{"BlobBehindTheEnd", "biases offset=\"96\"", "biases offset=\"100\"", "[ir-blob-range]"},
        Broken{"BlobOverflow", "biases offset=\"96\"", "biases offset=\"18446744073709551610\"",
               "end behind the .bin"},
        Broken{"NegativeOffset", "biases offset=\"96\"", "biases offset=\"-4\"", "no count of bytes"},
        Broken{"BlobSize", "weights offset=\"0\" size=\"96\"", "weights offset=\"0\" size=\"92\"",
               "its weights have 23 elements where 24 are needed"},
        Broken{"PartOfAnElement", "size=\"12\"", "size=\"11\"", "not whole elements"},
        Broken{"NoWeights", "<weights offset=\"0\" size=\"96\"/>", "", "conv: it has no weights"},
        Broken{"NoOutputAttribute", " output=\"3\"", "", "conv: it has no attribute output [ir-attribute]"},
        Broken{"NoKernel", " kernel=\"2,2\"", "", "conv: it has no attribute kernel"},
        Broken{"ZeroStride", "strides=\"1,1\"", "strides=\"0,1\"", "strides=\"0,1\" is not a value"},
        Broken{"ShortStride", "strides=\"1,1\"", "strides=\"1\"", "as many values as kernel"},
        Broken{"NegativePad", "pads_end=\"0,0\"", "pads_end=\"0,-1\"", "pads_end=\"0,-1\" is not a value"},
        Broken{"Slope", "negative_slope=\"0.5\"", "negative_slope=\"steep\"", "is not a value"},
        Broken{"Axis", "axis=\"1\"", "axis=\"4\"", "axis 4 is outside its input"},
        Broken{"MeanOfNoInput", "reference-layer-name=\"data\"", "reference-layer-name=\"date\"",
               "which is no input [ir-pre-process]"},
        Broken{"MeanOfNoChannel", "<channel id=\"1\">", "<channel id=\"2\">", "none of the input's 2"},
        Broken{"MissingMean", "<channel id=\"1\"><mean value=\"2.5\"/></channel>", "",
               "does not give a mean for every channel"}),
    [](const testing::TestParamInfo<Broken>& parameter) { return std::string(parameter.param.name); });

TEST(CheckIr, LeavesRangesAloneWithoutABin) {
  const std::string far = replaced(net, "biases offset=\"96\"", "biases offset=\"1000\"");
  EXPECT_EQ(faults(far, std::nullopt), std::vector<std::string>{});
  EXPECT_EQ(faults(far).size(), 1U);
}

TEST(CheckIr, RefusesDeepNestingAndEntities) {
  std::string deep = "<net version=\"3\">";
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  for (int i = 0; i < 1000; ++i) deep += "</a>";
  EXPECT_EQ(faults(deep + "</net>").size(), 1U);
  const std::string entity =
      replaced(net, "<?xml version=\"1.0\"?>", "<!DOCTYPE net [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>");
  Diagnostics findings;
  const Document document = read_document(
      *MappedFile::in_memory("n.xml", replaced(entity, "name=\"relu\"", "name=\"&a;\"")), findings);
  EXPECT_EQ(document.layers.at(2).name, "&a;");
}

Graph read(const std::string& xml, Diagnostics& diagnostics) {
  const Document document = read_document(*MappedFile::in_memory("n.xml", xml), diagnostics);
  return legacy::read_graph(document, MappedFile::in_memory("n.bin", std::string(bin_size, '\0')),
                            diagnostics);
}

TEST(LegacyReader, MakesTheGraphOfTheFile) {
  Diagnostics diagnostics;
  const Graph graph = read(net, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  ASSERT_EQ(graph.capacity(), 4U);
  EXPECT_EQ(graph.node(1).op, &op::convolution);
  EXPECT_EQ(graph.node(1).attributes.integers("kernel"), (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(graph.node(1).blob("weights")->size(), 24);
  EXPECT_EQ(graph.node(2).attributes.number("negative_slope"), 0.5F);
  EXPECT_EQ(graph.node(3).attributes.integers("slice_point"), (std::vector<std::int64_t>{1}));
  ASSERT_EQ(graph.outputs.size(), 2U);
  EXPECT_EQ(graph.output(graph.outputs[1]).names, (std::vector<std::string>{"parts.1"}));
  ASSERT_EQ(graph.means.size(), 1U);
  EXPECT_EQ(graph.means[0].values, (std::vector<float>{1.5F, 2.5F}));
}

TEST(LegacyReader, ReadsTheWindowsOfVersionTwo) {
  Diagnostics diagnostics;
  std::string xml = replaced(net, "version=\"3\"", "version=\"2\"");
  xml = replaced(xml, "dilations=\"1,1\" group=\"1\" kernel=\"2,2\"",
                 "group=\"1\" kernel-x=\"3\" kernel-y=\"2\"");
  xml = replaced(xml, "pads_begin=\"0,0\" pads_end=\"0,0\" strides=\"1,1\"",
                 "pad-x=\"1\" pad-y=\"0\" pad-r=\"0\" pad-b=\"0\" stride-x=\"0\" stride-y=\"1\"");
  xml = replaced(xml, "size=\"96\"", "size=\"72\"");
  const Graph graph = read(xml, diagnostics);
  ASSERT_GE(graph.capacity(), 0U);
  for (const Diagnostic& diagnostic : diagnostics.all()) ADD_FAILURE() << diagnostic.cause;
  ASSERT_EQ(graph.capacity(), 4U);
  const Attributes& a = graph.node(1).attributes;
  EXPECT_EQ(a.integers("kernel"), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(a.integers("strides"), (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(a.integers("pads_begin"), (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(a.integers("pads_end"), (std::vector<std::int64_t>{0, 0}));
}

TEST(LegacyReader, NamesAllUnknownLayersInOneMessage) {
  Diagnostics diagnostics;
  std::string xml = replaced(net, "type=\"ReLU\"", "type=\"Mystery\"");
  xml = replaced(xml, "type=\"Slice\"", "type=\"Riddle\"");
  read(xml, diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].code, &code::unknown_ir_layer);
  EXPECT_EQ(diagnostics.all()[0].cause, "layers of types that are not read: Mystery (relu); Riddle (parts)");
}

TEST(LegacyReader, ReportsDimsThatAreNotThoseOfTheParameters) {
  Diagnostics diagnostics;
  read(replaced(net, "kernel=\"2,2\"", "kernel=\"2,1\""), diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].layer, "conv");
  EXPECT_EQ(diagnostics.all()[0].code, &code::ir_dims);
}

}  // namespace
}  // namespace mo::ir
