#include "os/process.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "os/terminal.h"

namespace mo::os {

namespace {

// A signal handler sees nothing but what lies in static storage.
std::array<char, 4096> last_message;
std::size_t last_message_size = 0;
int last_status = 0;

extern "C" void print_and_end(int /*signal*/) {
  end_now({last_message.data(), last_message_size}, last_status);
}

}  // namespace

std::vector<std::string> start(int argc, char** argv) {
  return {argv, argv + argc};
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string program_path() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

std::string program_beside(const std::string& name) {
  const std::string path = program_path();
  return std::filesystem::path(path.empty() ? "mo" : path).replace_filename(name).string();
}

bool can_run(const std::string& program) {
  return ::access(program.c_str(), X_OK) == 0;
}

void replace_by(const std::string& program, std::span<const std::string> words) {
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  arguments.reserve(all.size() + 1);
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::fflush(nullptr);
  ::execv(program.c_str(), arguments.data());
}

void end_now(std::string_view text, int status) {
  write_now(standard_error, text);
  ::_exit(status);
}

void end_when_a_mapping_fails(std::string_view text, int status) {
  last_message_size = std::min(text.size(), last_message.size());
  std::copy_n(text.begin(), last_message_size, last_message.begin());
  last_status = status;
  struct sigaction action {};
  action.sa_handler = print_and_end;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace mo::os
