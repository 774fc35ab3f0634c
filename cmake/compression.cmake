# Certificate compression (RFC 8879): each library where it is found, unless it is demanded (ON) or
# left out (OFF). What is left out has a file no_NAME.c in its place. Sets for others:
#
#   compression_targets    to link
#   compression_left_out   the source files that are not compiled, as a regular expression
#   compression_packages   what galvanConfig.cmake must find for the archive
#   compression_requires   the same for the pkg-config files
set(GALVAN_BROTLI AUTO CACHE STRING "Compress certificates with brotli: AUTO (where it is found), ON, OFF")
set(GALVAN_ZLIB AUTO CACHE STRING "Compress certificates with zlib: AUTO (where it is found), ON, OFF")
set_property(CACHE GALVAN_BROTLI GALVAN_ZLIB PROPERTY STRINGS AUTO ON OFF)

set(compression_targets "")
set(compression_left_out "")
set(compression_packages "")
set(compression_requires "")

# choose_compression(NAME PACKAGE REQUIRES TARGET...)
function(choose_compression name package requires)
    string(TOUPPER ${name} upper)
    set(choice "${GALVAN_${upper}}")
    if(choice STREQUAL "AUTO")
        find_package(${package} QUIET)
    elseif(choice)
        find_package(${package} REQUIRED)
    endif()
    if(choice AND ${package}_FOUND)
        message(STATUS "Certificates are compressed with ${name}")
        list(APPEND compression_targets ${ARGN})
        list(APPEND compression_left_out "/compress/no_${name}\\.c$")
        list(APPEND compression_packages ${package})
        string(APPEND compression_requires ", ${requires}")
    else()
        message(STATUS "Certificates are not compressed with ${name}")
        list(APPEND compression_left_out "/compress/${name}\\.c$")
    endif()
    foreach(variable targets left_out packages requires)
        set(compression_${variable} "${compression_${variable}}" PARENT_SCOPE)
    endforeach()
endfunction()

choose_compression(brotli Brotli "libbrotlienc, libbrotlidec" Brotli::encoder Brotli::decoder)
choose_compression(zlib ZLIB "zlib" ZLIB::ZLIB)
list(JOIN compression_left_out "|" compression_left_out)
