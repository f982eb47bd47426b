"""The sandbox behind TLS, with a certificate made for the test."""

import shutil
import ssl
import subprocess
from dataclasses import replace

import pytest

from panopticon.errors import LocalFault
from panopticon.sandbox.serve import Options, start
from tests.sandbox.conftest import Client

OPENSSL = shutil.which("openssl")
FEW = Options(stories=3)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Options:
    if OPENSSL is None:
        pytest.skip("no openssl here to make a certificate with")
    place = tmp_path_factory.mktemp("tls")
    cert, key = place / "cert.pem", place / "key.pem"
    words = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=sandbox", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [OPENSSL, "req", "-x509", *words, *names, "-out", str(cert), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return replace(FEW, tls_cert=cert, tls_key=key)


@pytest.mark.requirement("sandbox:tls:door")
def test_with_a_certificate_it_serves_https_and_says_so(signed: Options) -> None:
    with start(signed) as box:
        assert box.url.startswith("https://127.0.0.1:")
        trust = ssl.create_default_context(cafile=signed.tls_cert)
        client = Client(box, {"ZSESSIONID": box.api_key}, trust)
        made = client.make("Tag", Name="over TLS")
        assert made["_ref"].startswith(box.url)
        client.faults(drop_before=1)
        with pytest.raises((ConnectionError, ssl.SSLError)):
            client.get("/tag")


@pytest.mark.requirement("sandbox:tls:wrong")
def test_a_wrong_certificate_or_half_a_pair_is_said_so(signed: Options) -> None:
    with pytest.raises(LocalFault, match="needs a certificate and its key"):
        start(replace(signed, tls_key=None))
    with pytest.raises(LocalFault, match="no certificate and its key"):
        start(replace(signed, tls_cert=signed.tls_key))
