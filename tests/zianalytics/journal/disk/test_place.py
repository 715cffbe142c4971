from pathlib import Path

import pytest

from zianalytics.errors import StoreUnusable
from zianalytics.journal.disk.place import network_kind, refuse_network

MOUNTS = """\
/dev/vda / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
server:/export /mnt/team nfs4 rw 0 0
//server/share /mnt/win\\040share cifs rw 0 0
ana@server:/data /mnt/ssh fuse.sshfs rw 0 0
disk /mnt/usb fuseblk rw 0 0
/dev/vdb /mnt/team/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/data/kept", None),
        ("/run/kept", None),
        ("/mnt/team/kept/account", "nfs4"),
        ("/mnt/win share/kept", "cifs"),
        ("/mnt/ssh", "fuse.sshfs"),
        ("/mnt/usb/kept", None),
        ("/mnt/team/local/kept", None),
        ("/mnt/teamwork", None),
    ],
    ids=str,
)
def test_a_folder_of_another_machine_is_known(folder: str, kind: str | None) -> None:
    assert network_kind(Path(folder), MOUNTS) == kind


def test_a_folder_of_another_machine_is_refused() -> None:
    with pytest.raises(StoreUnusable, match=r"network file system \(nfs4\).*Nothing was sent or changed\. Choose a"):
        refuse_network(Path("/mnt/team/kept"), MOUNTS)


def test_where_nothing_is_told_nothing_is_refused(tmp_path: Path) -> None:
    refuse_network(tmp_path, "")
