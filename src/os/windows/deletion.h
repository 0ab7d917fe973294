#pragma once

#include "os/windows/system.h"

namespace mo::os {

/// Whether the file goes when its last handle is closed, by whomever.
inline bool delete_when_closed(HANDLE file, bool yes) {
  FILE_DISPOSITION_INFO wanted{};
  wanted.DeleteFile = yes ? TRUE : FALSE;
  return ::SetFileInformationByHandle(file, FileDispositionInfo, &wanted, sizeof wanted) != 0;
}

}  // namespace mo::os
