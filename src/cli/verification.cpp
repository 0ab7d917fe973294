#include "cli/verification.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/values.h"

namespace mo::cli {

namespace {

[[noreturn]] void fail_not_built(const std::string& program) {
  fail(code::apps_not_built,
       program +
           " is not there: verification needs the OpenVINO runtime and OpenCV, which the "
           "converter does without",
       "./mo apps installs both and builds it");
}

}  // namespace

std::string verifier() {
  std::error_code error;
  auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) self = "mo";
  std::string program = self.replace_filename("mo-verify").string();
  if (access(program.c_str(), X_OK) != 0) fail_not_built(program);
  return program;
}

void run_verifier(const std::string& program, std::span<const std::string> words) {
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  arguments.reserve(all.size() + 1);
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::fflush(nullptr);
  execv(program.c_str(), arguments.data());
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
