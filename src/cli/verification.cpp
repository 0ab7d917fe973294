#include "cli/verification.h"

#include "cli/values.h"
#include "os/process.h"

namespace mo::cli {

namespace {

[[noreturn]] void fail_not_built(const std::string& program) {
  fail(code::apps_not_built,
       program +
           " is not there: verification needs the OpenVINO runtime and OpenCV, which the "
           "converter does without",
       "./mo apps installs both and builds it, on Linux");
}

}  // namespace

std::string verifier() {
  std::string program = os::program_beside("mo-verify");
  if (!os::can_run(program)) fail_not_built(program);
  return program;
}

void run_verifier(const std::string& program, std::span<const std::string> words) {
  os::replace_by(program, words);
  fail_not_built(program);
}

std::vector<std::string> verification_of(const ConvertOptions& options, const ConvertResult& result) {
  const std::string& written = result.onnx.empty() ? result.xml : result.onnx;
  std::vector<std::string> words{
      "--input_model", options.files.caffemodel, "--input_proto", options.files.prototxt, "--ir", written};
  if (!options.mean_file.empty()) words.insert(words.end(), {"--mean_file", options.mean_file});
  return words;
}

}  // namespace mo::cli
