using System;
using System.IO;
using System.Runtime.InteropServices;

namespace NamedPipeServerTests;

/// A manifest's classes for the calling thread, until it ends.
internal static class ActivationContext
{
    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
    private struct ACTCTX
    {
        public int Size;
        public uint Flags;
        public string Source;
        public ushort ProcessorArchitecture;
        public ushort LangId;
        public string? AssemblyDirectory;
        public string? ResourceName;
        public string? ApplicationName;
        public IntPtr Module;
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern IntPtr CreateActCtxW(ref ACTCTX context);

    [DllImport("kernel32", SetLastError = true)]
    private static extern bool ActivateActCtx(IntPtr context, out IntPtr cookie);

    public static void Enter(string manifest)
    {
        var context = new ACTCTX { Size = Marshal.SizeOf<ACTCTX>(), Source = Path.GetFullPath(manifest) };
        IntPtr handle = CreateActCtxW(ref context);
        if (handle == new IntPtr(-1) || !ActivateActCtx(handle, out _))
            throw new System.ComponentModel.Win32Exception();
    }
}
