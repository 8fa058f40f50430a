; setup.nsi: installs NamedPipeServer for this user, or for the machine where it runs as administrator.
;
; scripts/package gives it VERSION, OUTPUT, LISTS (what is to be copied and removed), and SIGN, a command, to sign with.
;
;   /S            silent: what goes wrong is a line of the standard output, and an exit code
;   /user         for this user, though it runs as administrator
;   /D=FOLDER     the last of all, without quotes
;
; Exit codes: 1 cancelled, 2 the folder cannot be written, 3 a program uses a DLL, 4 a newer version is there,
; 5 a registration failed, 6 no administrator.

Unicode true
SetCompressor /SOLID lzma
ManifestSupportedOS all
ManifestDPIAware true
RequestExecutionLevel user

!include LogicLib.nsh
!include x64.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include StrFunc.nsh
!include MUI2.nsh
!include "${LISTS}"

!define UNINSTALL_KEYS "Software\Microsoft\Windows\CurrentVersion\Uninstall"
!define OWN_KEY "${UNINSTALL_KEYS}\NamedPipeServer"
!define DLL_KEY "Software\Classes\CLSID\{1E8F9A91-1C7E-4385-9AC0-6A934461841F}\InprocServer32"

Name "NamedPipeServer ${VERSION}"
OutFile "${OUTPUT}"
BrandingText "NamedPipeServer ${VERSION}"
VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey CompanyName "The NamedPipeServer authors"
VIAddVersionKey FileDescription "Installs NamedPipeServer, named pipes with events for COM hosts"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "Copyright (c) The NamedPipeServer authors. MIT License."
VIAddVersionKey ProductName "NamedPipeServer"
VIAddVersionKey ProductVersion "${VERSION}"
!ifdef SIGN
    !uninstfinalize '${SIGN} "%1"' = 0
!endif

Var scope       ; machine or user
Var whose       ; the same in words
Var failure     ; what went wrong, a sentence
Var old         ; the folder of the version that is there, or nothing

!define MUI_DIRECTORYPAGE_TEXT_TOP "NamedPipeServer ${VERSION} is installed for $whose. To install it for all users, \
    run this program as administrator."
!define MUI_FINISHPAGE_SHOWREADME "$INSTDIR\docs\index.html"
!define MUI_FINISHPAGE_SHOWREADME_TEXT "Show the documents"
!insertmacro MUI_PAGE_LICENSE "${PACKAGE}/LICENSE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

${StrStr}    ; declares it

; FAIL CODE SENTENCE: tells it and ends. A silent one has only its standard output, or the console it was started in.
!macro FAIL code sentence
    StrCpy $failure "${sentence}"
    ${If} ${Silent}
        System::Call 'kernel32::AttachConsole(i -1)'
        System::Call 'kernel32::GetStdHandle(i -11) p .r1'
        FileWrite $1 "$failure$\r$\n"
    ${Else}
        MessageBox MB_OK|MB_ICONSTOP "$failure"
    ${EndIf}
    SetErrorLevel ${code}
    Quit
!macroend
!define Fail "!insertmacro FAIL"

; A DLL that a program has loaded cannot be opened for writing.
!macro ENSURE_FREE folder bitness
    ${If} ${FileExists} "${folder}\${bitness}\NamedPipeServer.dll"
        ClearErrors
        FileOpen $0 "${folder}\${bitness}\NamedPipeServer.dll" a
        ${If} ${Errors}
            ${Fail} 3 "${folder}\${bitness}\NamedPipeServer.dll is in use, or this user may not change it. Close the \
                programs that use NamedPipeServer (Office, scripts, services), then try again. Nothing was changed."
        ${EndIf}
        FileClose $0
    ${EndIf}
!macroend

!macro ENSURE_ALL_FREE folder
    !insertmacro ENSURE_FREE "${folder}" x64
    !insertmacro ENSURE_FREE "${folder}" x86
!macroend

; REGISTRATION BITNESS OPTION: by the regsvr32 of that bitness; its exit code goes to $0. OPTION is empty or /u.
; This program has 32 bits: to it System32 is the 32-bit folder, and Sysnative the other one.
!macro REGISTRATION bitness option
    StrCpy $1 "$SYSDIR"
    ${If} ${bitness} == x64
        StrCpy $1 "$WINDIR\Sysnative"
    ${EndIf}
    StrCpy $2 ""
    ${If} $scope == user
        StrCpy $2 "/n /i:user"
    ${EndIf}
    ClearErrors
    ExecWait '"$1\regsvr32.exe" /s ${option} $2 "$INSTDIR\${bitness}\NamedPipeServer.dll"' $0
    ${If} ${Errors}
        StrCpy $0 -1
    ${EndIf}
!macroend

!macro REGISTER bitness
    !insertmacro REGISTRATION ${bitness} ""
    ${If} $0 <> 0
        ${Fail} 5 "$INSTDIR\${bitness}\NamedPipeServer.dll could not be registered (regsvr32 ended with $0). Run setup \
            again; what was copied is there, and its uninstaller removes it."
    ${EndIf}
!macroend

; Another copy that was registered since then stays so.
!macro UNREGISTER bitness view
    SetRegView ${view}
    ReadRegStr $0 SHCTX "${DLL_KEY}" ""
    ${If} $0 == "$INSTDIR\${bitness}\NamedPipeServer.dll"
        !insertmacro REGISTRATION ${bitness} /u
    ${EndIf}
    ; A user may have no others.
    DeleteRegKey /ifempty HKCU "Software\Classes\CLSID"
    DeleteRegKey /ifempty HKCU "Software\Classes\Interface"
    DeleteRegKey /ifempty HKCU "Software\Classes\TypeLib"
!macroend

!macro USE_NATIVE_REGISTRY
    ${If} ${RunningX64}
        SetRegView 64
    ${EndIf}
!macroend

!macro USE_SCOPE
    SetShellVarContext current
    ${If} $scope == machine
        SetShellVarContext all
    ${EndIf}
!macroend

; NSIS forgets a folder of /D that cannot be, or that stands in quotes, and would take the usual one.
Function EnsureThatFolderIsTaken
    System::Call 'kernel32::GetCommandLine() t .r1'
    ${StrStr} $2 $1 "/D="
    ${If} $2 != ""
    ${AndIf} $INSTDIR == ""
        ${Fail} 2 "$2 names no folder that can be. Give another one, as the last of all and without quotes. Nothing \
            was changed."
    ${EndIf}
FunctionEnd

Function .onInit
    !insertmacro USE_NATIVE_REGISTRY
    UserInfo::GetAccountType
    Pop $0
    StrCpy $scope user
    StrCpy $whose "this user"
    ${GetParameters} $1
    ClearErrors
    ${GetOptions} $1 "/user" $2
    ${If} ${Errors}
    ${AndIf} $0 == Admin
        StrCpy $scope machine
        StrCpy $whose "all users of this computer"
    ${EndIf}
    !insertmacro USE_SCOPE
    Call EnsureThatFolderIsTaken
    ReadRegStr $old SHCTX "${OWN_KEY}" InstallLocation
    ${If} $INSTDIR == ""
        StrCpy $INSTDIR $old
    ${EndIf}
    ${If} $INSTDIR == ""
    ${AndIf} $scope == user
        StrCpy $INSTDIR "$LOCALAPPDATA\Programs\NamedPipeServer"
    ${ElseIf} $INSTDIR == ""
        StrCpy $INSTDIR "$PROGRAMFILES\NamedPipeServer"
        ${If} ${RunningX64}
            StrCpy $INSTDIR "$PROGRAMFILES64\NamedPipeServer"
        ${EndIf}
    ${EndIf}
FunctionEnd

; Before anything is changed.
Function EnsureThatItCan
    ReadRegStr $0 SHCTX "${OWN_KEY}" DisplayVersion
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 = 1
        ${Fail} 4 "Version $0 of NamedPipeServer is installed, which is newer than ${VERSION}. Uninstall it first, \
            to go back. Nothing was changed."
    ${EndIf}
    ${If} $old != ""
        !insertmacro ENSURE_ALL_FREE "$old"
    ${EndIf}
    !insertmacro ENSURE_ALL_FREE "$INSTDIR"
    ClearErrors
    CreateDirectory "$INSTDIR"
    FileOpen $0 "$INSTDIR\setup.tmp" w
    ${If} ${Errors}
        RMDir "$INSTDIR"
        ${Fail} 2 "The folder $INSTDIR cannot be written. Choose another one, or run setup as administrator. \
            Nothing was changed."
    ${EndIf}
    FileClose $0
    Delete "$INSTDIR\setup.tmp"
FunctionEnd

; What an older version, or this one, has left, also in another folder, goes by its own uninstaller.
Function RemoveOld
    ${If} $old == ""
    ${OrIfNot} ${FileExists} "$old\uninstall.exe"
        Return
    ${EndIf}
    DetailPrint "Removing what is in $old"
    ExecWait '"$old\uninstall.exe" /S _?=$old' $0
    ${If} $0 <> 0
        ${Fail} 3 "The version in $old could not be removed (its uninstaller ended with $0). Close the programs that \
            use NamedPipeServer, then try again."
    ${EndIf}
    Delete "$old\uninstall.exe"
    RMDir "$old"
FunctionEnd

Section
    Call EnsureThatItCan
    Call RemoveOld
    ClearErrors
    !insertmacro COPY_FILES
    WriteUninstaller "$INSTDIR\uninstall.exe"
    ${If} ${Errors}
        ${Fail} 2 "Not all files could be written to $INSTDIR. See that there is room on the disk, then run setup \
            again."
    ${EndIf}
    WriteRegStr SHCTX "${OWN_KEY}" DisplayName "NamedPipeServer"
    WriteRegStr SHCTX "${OWN_KEY}" DisplayVersion "${VERSION}"
    WriteRegStr SHCTX "${OWN_KEY}" Publisher "The NamedPipeServer authors"
    WriteRegStr SHCTX "${OWN_KEY}" InstallLocation "$INSTDIR"
    WriteRegStr SHCTX "${OWN_KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
    WriteRegStr SHCTX "${OWN_KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD SHCTX "${OWN_KEY}" EstimatedSize ${KILOBYTES}
    WriteRegDWORD SHCTX "${OWN_KEY}" NoModify 1
    WriteRegDWORD SHCTX "${OWN_KEY}" NoRepair 1
    ${If} ${IsNativeAMD64}
        !insertmacro REGISTER x64
    ${EndIf}
    !insertmacro REGISTER x86
SectionEnd

; The uninstaller finds by the registry for whom it was installed.
Function un.onInit
    !insertmacro USE_NATIVE_REGISTRY
    StrCpy $scope user
    ReadRegStr $0 HKLM "${OWN_KEY}" InstallLocation
    ${If} $0 == $INSTDIR
        StrCpy $scope machine
    ${EndIf}
    !insertmacro USE_SCOPE
    UserInfo::GetAccountType
    Pop $0
    ${If} $scope == machine
    ${AndIf} $0 != Admin
        ${If} ${Silent}
            ${Fail} 6 "NamedPipeServer is installed for all users: run its uninstaller as administrator. Nothing was \
                changed."
        ${EndIf}
        ExecShell runas "$INSTDIR\uninstall.exe"
        Quit
    ${EndIf}
FunctionEnd

Section Uninstall
    !insertmacro ENSURE_ALL_FREE "$INSTDIR"
    ${If} ${RunningX64}
        !insertmacro UNREGISTER x64 64
    ${EndIf}
    !insertmacro UNREGISTER x86 32
    !insertmacro USE_NATIVE_REGISTRY
    !insertmacro REMOVE_FILES
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    DeleteRegKey SHCTX "${OWN_KEY}"
    ${If} $scope == user
        RMDir "$LOCALAPPDATA\Programs"
        DeleteRegKey /ifempty HKCU "${UNINSTALL_KEYS}"
    ${EndIf}
SectionEnd
