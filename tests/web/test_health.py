from sqlalchemy import text


def test_a_healthy_server_says_so(client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_another_schema_is_not_ready(client, session):
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "readcheck db upgrade" in response.text
    assert client.get("/healthz").status_code == 200
