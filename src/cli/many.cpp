#include "cli/many.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <map>
#include <new>
#include <optional>
#include <thread>

#include "cli/manifest.h"
#include "cli/prepare.h"
#include "cli/progress_bar.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/values.h"
#include "convert.h"
#include "os/terminal.h"
#include "support/path.h"

namespace mo::cli {

namespace {

/// One line of the manifest on its way.
struct Job {
  ManifestLine line;
  ConvertOptions options;
  ConvertResult result;
  Diagnostics diagnostics;
  std::string found;  ///< what --preprocess found
  double seconds = 0;
  bool was_there = false;  ///< --resume: the IR is newer than its model
};

unsigned job_count(const Arguments& arguments) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const auto text = arguments.value("--jobs");
  if (!text) return cores;
  const auto number = whole_number(*text);
  if (!number || *number < 1 || *number > 1024)
    fail(code::command_line, "--jobs " + *text + " is not a number from 1 to 1024",
         "leave it out for one job a core");
  return static_cast<unsigned>(*number);
}

/// True when the .mapping, which gets its name last, is newer than what it was made of.
bool is_done(const ConvertOptions& options) {
  std::error_code error;
  const auto made = std::filesystem::last_write_time(
      to_path(options.output_dir + "/" + options.model_name + ".mapping"), error);
  if (error) return false;
  return std::ranges::all_of(std::array{options.files.caffemodel, options.files.prototxt},
                             [&](const auto& source) {
                               const auto changed = std::filesystem::last_write_time(to_path(source), error);
                               return !error && changed <= made;
                             });
}

class Run {
 public:
  Run(std::vector<ManifestLine> lines, unsigned jobs) : threads_(jobs) {
    jobs_.resize(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) jobs_[i].line = std::move(lines[i]);
  }

  void prepare_all(int default_ir_version, bool resume);
  void convert_all(bool silent);
  std::span<const Job> jobs() const { return jobs_; }

 private:
  void refuse_shared_outputs();
  void work();
  static void convert_one(Job& job);

  std::vector<Job> jobs_;
  unsigned threads_;
  std::atomic<std::size_t> next_ = 0;
  Progress progress_;
};

void Run::prepare_all(int default_ir_version, bool resume) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  for (Job& job : jobs_) {
    job.diagnostics = std::move(job.line.problems);
    if (job.diagnostics.has_errors()) continue;
    job.options = prepare(job.line.arguments, default_ir_version, job.diagnostics, job.found);
    job.options.threads = std::max(1U, cores / threads_);
    job.was_there = resume && !job.diagnostics.has_errors() && is_done(job.options);
  }
  refuse_shared_outputs();
}

/// Two lines that would write the same files: none of the two can be meant.
void Run::refuse_shared_outputs() {
  std::map<std::string, Job*> first;
  for (Job& job : jobs_) {
    if (job.diagnostics.has_errors()) continue;
    const std::string stem = job.options.output_dir + "/" + job.options.model_name;
    const auto [it, fresh] = first.emplace(to_path(stem).lexically_normal().string(), &job);
    if (fresh) continue;
    for (const auto& [one, other] : {std::pair{it->second, &job}, std::pair{&job, it->second}})
      one->diagnostics.error(code::manifest,
                             fmt::format("it writes {}.xml, as line {} does", stem, other->line.number),
                             "give one of them another --model_name or --output_dir");
  }
}

void Run::convert_one(Job& job) {
  const auto start = std::chrono::steady_clock::now();
  try {
    job.result = convert(job.options, job.diagnostics);
  } catch (const std::bad_alloc&) {
    job.diagnostics.error(code::too_large, "not enough memory for this model", "convert it alone: --jobs 1");
  } catch (const std::exception& error) {
    job.diagnostics.error(code::internal_error, std::string("a defect of mo: ") + error.what(),
                          "report it with the model's prototxt");
  }
  job.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  job.options = {};  // it holds what only a conversion needs
}

void Run::work() {
  for (std::size_t at = next_++; at < jobs_.size(); at = next_++) {
    if (!jobs_[at].diagnostics.has_errors() && !jobs_[at].was_there) convert_one(jobs_[at]);
    progress_.advance(1);
  }
}

void Run::convert_all(bool silent) {
  progress_.begin("converting", jobs_.size());
  std::optional<ProgressBar> bar;
  if (!silent) bar.emplace(progress_, "models", os::standard_error);
  std::vector<std::jthread> helpers;
  const std::size_t useful = std::min<std::size_t>(threads_, jobs_.size());
  for (std::size_t i = 1; i < useful; ++i) helpers.emplace_back([this] { work(); });
  work();
}

void print_job(const Job& job, Severity least) {
  const bool says = std::ranges::any_of(
      job.diagnostics.all(), [&](const Diagnostic& diagnostic) { return diagnostic.severity >= least; });
  if (says) fmt::print(stderr, "line {}: {}\n", job.line.number, job.line.text);
  for (const Diagnostic& diagnostic : job.diagnostics.all())
    if (diagnostic.severity >= least)
      fmt::print(stderr, "{}\n", painted(to_text(diagnostic), os::standard_error));
  if (least > Severity::info || job.diagnostics.has_errors()) return;
  if (!job.found.empty()) fmt::print("{}\n", job.found);
  if (job.was_there)
    fmt::print("line {}: its IR is there already\n", job.line.number);
  else
    fmt::print("line {}: {} in {:.2f} s\n", job.line.number, job.result.xml, job.seconds);
}

int summarize(std::span<const Job> jobs, double seconds) {
  const auto failed = static_cast<std::size_t>(
      std::ranges::count_if(jobs, [](const Job& job) { return job.diagnostics.has_errors(); }));
  const auto there =
      static_cast<std::size_t>(std::ranges::count_if(jobs, [](const Job& job) { return job.was_there; }));
  fmt::print("{}",
             painted(fmt::format("\n[ SUCCESS ] {} of {} models converted{}.\n[ SUCCESS ] Total execution "
                                 "time: {:.2f} seconds.\n",
                                 jobs.size() - failed - there, jobs.size(),
                                 there > 0 ? fmt::format(", {} were there already", there) : "", seconds),
                     os::standard_output));
  if (failed == 0) return 0;
  std::string lines = fmt::format("[ ERROR ]  {} of {} models failed: line", failed, jobs.size());
  int status = 0;
  for (const Job& job : jobs) {
    if (!job.diagnostics.has_errors()) continue;
    lines += fmt::format(" {}", job.line.number);
    if (status == 0) status = job.diagnostics.exit_status();
  }
  fmt::print(stderr, "{}\n", painted(std::move(lines), os::standard_error));
  return status;
}

}  // namespace

int convert_many(const Arguments& arguments, int default_ir_version, Diagnostics& diagnostics,
                 Severity least) {
  const auto start = std::chrono::steady_clock::now();
  for (const char* one :
       {"--input_model", "--input_proto", "--model_name", "--inspect", "--verify", "--upgrade_ir", "--graph"})
    if (arguments.has(one))
      diagnostics.error(code::conflicting_options,
                        std::string(one) + " is for one model, --manifest for many",
                        "put it on the model's line of the manifest");
  if (is_page(arguments))
    diagnostics.error(code::conflicting_options, "--report of many models is JSON",
                      "name it so: --report models.json");
  if (diagnostics.has_errors()) return diagnostics.exit_status();
  std::optional<Run> run;
  try {
    const unsigned jobs = job_count(arguments);
    run.emplace(read_manifest(*arguments.value("--manifest"), arguments), jobs);
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return diagnostics.exit_status();
  }
  run->prepare_all(default_ir_version, arguments.is_on("--resume"));
  run->convert_all(arguments.is_on("--silent"));
  std::vector<LineReport> reports;
  for (const Job& job : run->jobs()) {
    print_job(job, least);
    reports.push_back({job.line.number, job.line.text, job.was_there, &job.result, &job.diagnostics});
  }
  if (const auto path = arguments.value("--report")) write_report(*path, report_text(reports), diagnostics);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const int status = summarize(run->jobs(), taken.count());
  return diagnostics.has_errors() ? diagnostics.exit_status() : status;
}

}  // namespace mo::cli
