# The pages of --graph and --report become strings of the program.
file(GLOB page_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/report/pages/*)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/pages.cpp
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/src/report/pages -DOUTPUT=${CMAKE_BINARY_DIR}/pages.cpp
          -P ${CMAKE_SOURCE_DIR}/cmake/embed_pages.cmake
  DEPENDS ${page_files} ${CMAKE_SOURCE_DIR}/cmake/embed_pages.cmake
  COMMENT "Embedding the pages")
target_sources(mo_core PRIVATE ${CMAKE_BINARY_DIR}/pages.cpp)
