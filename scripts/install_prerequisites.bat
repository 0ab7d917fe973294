@echo off
rem Installs, on Windows 10 (version 2004 or later) or 11, what the project needs. mo.exe itself needs nothing.
rem
rem   scripts\install_prerequisites.bat            the OpenVINO runtime for Python, in build\venv: to infer what mo.exe wrote
rem   scripts\install_prerequisites.bat --build    WSL with Ubuntu 24.04, and in it the compiler for Windows: to build mo.exe
rem
rem What is there already stays as it is. Exit status: 0 done, 1 something failed, 2 an unknown option, 3 Windows has to
rem be started again first.
setlocal
cd /d "%~dp0.."
if "%~1"=="" goto runtime
if "%~1"=="--build" goto build
echo Unknown option %~1; there is --build, or none. 1>&2
exit /b 2

:runtime
where py >nul 2>nul
if errorlevel 1 (
  echo Installing Python
  winget install --exact --id Python.Python.3.12 --accept-source-agreements --accept-package-agreements
  if errorlevel 1 exit /b 1
)
if not exist build\venv\Scripts\python.exe (
  echo Making a Python environment in build\venv
  py -3 -m venv build\venv
  if errorlevel 1 exit /b 1
)
echo Installing the OpenVINO runtime
build\venv\Scripts\python.exe -m pip install --quiet openvino numpy
if errorlevel 1 exit /b 1
echo Done: build\venv\Scripts\python.exe has openvino
exit /b 0

:build
wsl --distribution Ubuntu-24.04 --exec true >nul 2>nul
if errorlevel 1 (
  echo Installing WSL with Ubuntu 24.04
  wsl --install --distribution Ubuntu-24.04
  if errorlevel 1 exit /b 1
  echo Start Windows again if it asks for that, give Ubuntu a user when it does, then run this again.
  exit /b 3
)
echo Installing the compiler in Ubuntu
wsl --distribution Ubuntu-24.04 --exec scripts/install_prerequisites.sh --windows
if errorlevel 1 exit /b 1
echo Done. This builds build\windows\bin\mo.exe:
echo   wsl -d Ubuntu-24.04 scripts/build_windows.sh
exit /b 0
