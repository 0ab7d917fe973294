#include "caffe/mean_file.h"

#include <fmt/format.h>

#include "caffe/blob_reader.h"
#include "caffe/file_kind.h"
#include "caffe/wire.h"
#include "support/diagnostics.h"

namespace mo::caffe {
namespace {

[[noreturn]] void fail(const DiagnosticCode& code, const std::string& path, std::string cause) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = "give the .binaryproto that compute_image_mean wrote, or the mean as --mean_values";
  diagnostic.file = path;
  throw Failure(std::move(diagnostic));
}

Tensor read_mean_blob(const std::shared_ptr<const MappedFile>& file) {
  const WireFile wire{file->path(), file->text()};
  try {
    return read_blob(WireReader(wire), file);
  } catch (const Failure& failure) {
    Diagnostic diagnostic = failure.diagnostic();
    diagnostic.code = &code::damaged_mean_file;
    throw Failure(std::move(diagnostic));
  }
}

}  // namespace

Tensor read_mean_file(const std::string& path) {
  return read_mean_file(MappedFile::open(path));
}

Tensor read_mean_file(const std::shared_ptr<const MappedFile>& file) {
  const std::string& path = file->path();
  const FileKind kind = guess_file_kind(file->text());
  if (kind != FileKind::unknown) {
    fail(code::wrong_file_kind, path, fmt::format("expected a mean image, but this is {}", describe(kind)));
  }
  const Tensor blob = read_mean_blob(file);
  Shape shape = blob.shape();
  while (shape.size() > 3 && shape.front() == 1) shape.erase(shape.begin());
  if (shape.size() != 3 || blob.size() == 0) {
    fail(code::damaged_mean_file, path,
         fmt::format("a mean image is [channels, height, width], this is {}", to_string(blob.shape())));
  }
  return blob.reshaped(std::move(shape));
}

}  // namespace mo::caffe
